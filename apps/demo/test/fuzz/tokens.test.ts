import fc from 'fast-check'
import t from 'tap'
import { generateSigningKey, type SigningKey } from '@drawbridge/token-auth'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signJws, createHeader } from '@drawbridge/test-support/forge'
import { buildFuzzedDemo, readLoginIds } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { mutate } from './mutations.ts'
import { type Circumstances, isAccepted, Verdict } from './token-model.ts'

const bootFrom = Date.now()
const { send, signInByToken, dataDir } = await buildFuzzedDemo(t)
const bootTo = Date.now()
const keyFile = await readFile(join(dataDir, 'token-keys-eddsa.json'), 'utf8')
const [key] = (JSON.parse(keyFile) as { keys: [SigningKey] }).keys
const otherKeys = [generateSigningKey('EdDSA'), generateSigningKey('ES256'), generateSigningKey('HS256')]

const [user, eve, revoked] = [
  await signInByToken('user'),
  await signInByToken('eve'),
  await signInByToken('user')
]
await send({ method: 'POST', url: '/token/logout', headers: { authorization: `Bearer ${revoked.token}` } })
const genuine = [user.token, eve.token, revoked.token]
const decodeClaims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>
const claims = genuine.map(decodeClaims)
const loginsBefore = readLoginIds(dataDir)
const circumstances: Circumstances = {
  bootFrom,
  bootTo,
  issuer: 'drawbridge-demo',
  audience: 'drawbridge-demo',
  active: new Map([user, eve].map(({ token }) => [decodeClaims(token).sid, decodeClaims(token).sub])),
  revoked: new Set([decodeClaims(revoked.token).sid])
}

const read = (token: string) =>
  send({ url: '/token/protected', headers: { authorization: `Bearer ${token}` } })

/** JSON text, since JSON.stringify cannot produce all JSON. */
const oddJson = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom(
    '1e400',
    '-1e400',
    '1e300',
    '-0',
    '0',
    '1.5',
    '9007199254740993',
    '""',
    'null',
    '{}',
    '[]',
    'true'
  ),
  fc.constantFrom(
    '"\\ud800"',
    '"a\\u0000b"',
    '"a b"',
    '"a  b"',
    '" "',
    '"__proto__"',
    '{"__proto__":{"a":1}}'
  ),
  fc.string({ maxLength: 40, unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('x'.repeat(1024), 'x'.repeat(1025)).map((text) => JSON.stringify(text)),
  fc.constantFrom(...claims.flatMap((of) => Object.values(of))).map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.constantFrom(...claims), fc.integer({ min: -1000, max: 1000 }))
    .map(([{ iat }, seconds]) => String((iat as number) + seconds))
)
const CLAIMS = 'iss aud sub sid jti iat exp nbf auth_time login_exp preferred_username scope ext amr'.split(
  ' '
)
const claimName = fc.constantFrom(...CLAIMS)
const edits = fc.array(fc.tuple(claimName, fc.option(oddJson)), { minLength: 1, maxLength: 3 })

/** The claims as JSON text, with members replaced or removed. */
function edited(
  of: Readonly<Record<string, unknown>>,
  changes: ReadonlyArray<readonly [string, string | null]>
) {
  const members = new Map(Object.entries(of).map(([name, value]) => [name, JSON.stringify(value)]))
  for (const [name, json] of changes) {
    if (json === null) members.delete(name)
    else members.set(name, json)
  }
  return `{${[...members].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

t.test('a token with changed text is rejected', async (t) => {
  const segment = fc.constantFrom(...genuine.flatMap((token) => token.split('.')), '', 'e30')
  await fuzz(t, {
    inputs: 8000,
    input: fc.oneof(
      { weight: 5, arbitrary: mutate(...genuine) },
      { weight: 3, arbitrary: fc.tuple(segment, segment, segment).map((parts) => parts.join('.')) },
      { weight: 1, arbitrary: fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('.')) }
    ),
    check: async (token) => {
      const status = token === user.token || token === eve.token ? 200 : 401
      const response = await read(token)
      if (response.statusCode !== status)
        throw new Error(`${response.statusCode} ${response.body} for ${token}`)
    }
  })
})

t.test('a token of unchanged claims, signed by another key, is rejected', async (t) => {
  const header = fc.record(
    {
      alg: fc.constantFrom('EdDSA', 'ES256', 'HS256', 'none'),
      typ: fc.constantFrom('at+jwt', 'JWT'),
      kid: fc.constant(key.kid)
    },
    { requiredKeys: [] }
  )
  await fuzz(t, {
    inputs: 3000,
    input: fc.tuple(
      fc.constantFrom(...otherKeys),
      fc.option(header),
      fc.constantFrom(...claims),
      edits,
      fc.boolean()
    ),
    check: async ([otherKey, changedHeader, of, changes, isEdited]) => {
      const named = changedHeader ?? { ...createHeader(otherKey), kid: key.kid }
      const token = signJws(otherKey, named, isEdited ? edited(of, changes) : JSON.stringify(of))
      const response = await read(token)
      if (response.statusCode !== 401) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('a token of changed claims, signed by the right key, is accepted where they are valid', async (t) => {
  const seen = { [Verdict.Yes]: 0, [Verdict.No]: 0, [Verdict.Either]: 0 }
  await fuzz(t, {
    inputs: 7000,
    input: fc.tuple(fc.constantFrom(...claims), edits),
    check: async ([of, changes]) => {
      const payload = edited(of, changes)
      const before = isAccepted(payload, circumstances, Date.now())
      const response = await read(signJws(key, createHeader(key), payload))
      const after = isAccepted(payload, circumstances, Date.now())
      const verdict = before === after ? before : Verdict.Either
      seen[verdict] += 1
      const isRight = { [Verdict.Yes]: [200], [Verdict.No]: [401], [Verdict.Either]: [200, 401] }[verdict]
      if (!isRight.includes(response.statusCode))
        throw new Error(`${response.statusCode}, not ${verdict}: ${payload}`)
      if (response.statusCode !== 200) return
      const { preferred_username: name } = JSON.parse(payload) as { preferred_username: string }
      // Where the store was asked, the name is the one of the login.
      const greetings = [name, of.preferred_username].map((known) => `Hello, ${String(known)}!`)
      if (!greetings.includes(response.json<{ message: string }>().message)) throw new Error(response.body)
    }
  })
  t.comment(`valid ${seen.yes}, invalid ${seen.no}, at a boundary of time ${seen.either}`)
  t.ok(seen.yes > 0 && seen.no > 0, 'there were some of both kinds')
})

t.test(
  'a token with more or fewer header members than ours, signed by the right key, is rejected',
  async (t) => {
    const name = fc.constantFrom(
      'alg',
      'kid',
      'typ',
      'crit',
      'b64',
      'jwk',
      'jku',
      'x5u',
      'x5c',
      'zip',
      'enc',
      'cty'
    )
    const right = Object.entries(createHeader(key)).map(
      ([member, value]) => [member, JSON.stringify(value)] as const
    )
    await fuzz(t, {
      inputs: 3000,
      input: fc.array(fc.tuple(name, fc.option(oddJson)), { maxLength: 3 }),
      check: async (changes) => {
        const members = new Map<string, string>(right)
        for (const [member, json] of changes) {
          if (json === null) members.delete(member)
          else members.set(member, json)
        }
        const header = `{${[...members].map(([member, json]) => `"${member}":${json}`).join(',')}}`
        const isOurs = members.size === 3 && right.every(([member, json]) => members.get(member) === json)
        const response = await read(signJws(key, header, JSON.stringify(claims[0])))
        if (response.statusCode !== (isOurs ? 200 : 401))
          throw new Error(`${response.statusCode} for ${header}`)
      }
    })
  }
)

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await send({ url: '/health/live' })).statusCode, 200)
  t.same(readLoginIds(dataDir), loginsBefore)
  for (const { token } of [user, eve]) t.equal((await read(token)).statusCode, 200)
})
