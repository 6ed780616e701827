import { createHmac } from 'node:crypto'

type Claims = Readonly<Record<string, unknown>>

const encode = (text: string) => Buffer.from(text).toString('base64url')

/** Tokens of HS256 that must not count, by what is wrong with them. Where the signature is not the point, it is valid. */
export function forgeTokens(good: string, claims: Claims, secret: string): ReadonlyMap<string, string> {
  const sign = (header: string, payload: string, hash = 'sha256', by = secret) => {
    const text = `${encode(header)}.${encode(payload)}`
    return `${text}.${createHmac(hash, by).update(text).digest('base64url')}`
  }
  const withHeader = (header: object) =>
    sign(JSON.stringify({ alg: 'HS256', ...header }), JSON.stringify(claims))
  const withClaims = (changes: object) => sign('{"alg":"HS256"}', JSON.stringify({ ...claims, ...changes }))
  const [header = '', payload = '', mac = ''] = good.split('.')
  const body = JSON.stringify(claims).slice(1)
  return new Map(
    Object.entries({
      'no signature': `${header}.${payload}.`,
      'two parts': `${header}.${payload}`,
      'four parts': `${good}.${mac}`,
      'alg none': `${encode('{"alg":"none"}')}.${payload}.`,
      'alg none, signed': withHeader({ alg: 'none' }),
      'alg in another case': withHeader({ alg: 'hs256' }),
      'alg with a space': withHeader({ alg: 'HS256 ' }),
      'alg a list': withHeader({ alg: ['HS256'] }),
      'no alg': sign('{}', JSON.stringify(claims)),
      'alg twice': sign('{"alg":"HS256","alg":"HS256"}', JSON.stringify(claims)),
      'another hash': sign('{"alg":"HS512"}', JSON.stringify(claims), 'sha512'),
      'another hash, called ours': sign('{"alg":"HS256"}', JSON.stringify(claims), 'sha512'),
      'an empty secret': sign('{"alg":"HS256"}', JSON.stringify(claims), 'sha256', ''),
      crit: withHeader({ crit: ['exp'] }),
      b64: withHeader({ b64: false }),
      zip: withHeader({ zip: 'DEF' }),
      'padding in a part': `${header}.${payload}=.${mac}`,
      'standard base64': `${header}.${payload}.${mac.replaceAll('-', '+').replaceAll('_', '/')}=`,
      'another issuer': withClaims({ iss: 'other' }),
      'a list of issuers': withClaims({ iss: ['idp'] }),
      'no issuer': withClaims({ iss: undefined }),
      'another audience': withClaims({ aud: 'other' }),
      'no audience': withClaims({ aud: undefined }),
      expired: withClaims({ exp: (claims.iat as number) - 1 }),
      'exp a text': withClaims({ exp: '99999999999' }),
      'exp beyond all time': sign('{"alg":"HS256"}', `{"exp":1e300,${body}`),
      'exp infinite': sign('{"alg":"HS256"}', `{"exp":1e999,${body}`),
      'exp null': withClaims({ exp: null }),
      'not valid yet': withClaims({ nbf: (claims.iat as number) + 3600 }),
      'issued in the future': withClaims({ iat: (claims.iat as number) + 3600 }),
      'iat a text': withClaims({ iat: String(claims.iat) }),
      'no user': withClaims({ sub: undefined }),
      'an empty user': withClaims({ sub: '' }),
      'a user that is an object': withClaims({ sub: { $gt: '' } }),
      'a user that is a list': withClaims({ sub: ['7'] }),
      'a user that is true': withClaims({ sub: true }),
      'a user that is half of a character': sign(
        '{"alg":"HS256"}',
        `{"sub":"\\ud800",${body.replace('"sub":"7",', '')}`
      ),
      'a user twice': sign('{"alg":"HS256"}', `{"sub":"8",${body}`),
      'claims that are a list': sign('{"alg":"HS256"}', `[${JSON.stringify(claims)}]`),
      'claims that are no JSON': sign('{"alg":"HS256"}', 'sub=7')
    })
  )
}
