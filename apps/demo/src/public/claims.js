import { element, fact, formatTime } from './elements.js'

/** What each member of the token's header and each claim means. */
const MEANINGS = {
  alg: 'How it is signed.',
  kid: 'Which key of /.well-known/jwks.json verifies it.',
  typ: 'An access token (RFC 9068), so that no other JWT passes for one.',
  iss: 'The service that issued it.',
  aud: 'The service that it is for.',
  sub: 'Your user id.',
  sid: 'The id of the record on the server. Revoke that, and this token is rejected however long it has to go.',
  jti: 'The id of this token alone.',
  iat: 'When it was issued.',
  exp: 'When it expires. Until then it needs nobody to vouch for it.',
  auth_time: 'When you presented your password. Neither a refresh nor an exchange changes it.',
  login_exp: 'When the login expires, however much it is used.',
  preferred_username: 'Your username.',
  scope: 'What the token may be used for.',
  ext: 'What the service adds to each principal.'
}

const TIMES = new Set(['iat', 'exp', 'auth_time', 'login_exp'])

/** Header and claims of a JWT. Decoded, not verified: that is for the server. */
export function decode(token) {
  const [header, claims] = token.split('.').slice(0, 2).map(decodePart)
  return { header, claims }
}

function decodePart(part) {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (byte) =>
    byte.charCodeAt(0)
  )
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** The facts about a token, claim by claim. The seconds left are kept up to date by `tick`. */
export function describeToken(token) {
  const { header, claims } = decode(token)
  return Object.entries({ ...header, ...claims }).map(([name, value]) =>
    fact(name, formatClaim(name, value), MEANINGS[name])
  )
}

function formatClaim(name, value) {
  if (!TIMES.has(name)) return typeof value === 'string' ? value : JSON.stringify(value)
  const time = element('time', {
    text: formatTime(value * 1000),
    datetime: new Date(value * 1000).toISOString()
  })
  if (name !== 'exp') return time
  return element('span', {
    children: [time, element('strong', { className: 'left', 'data-part': 'seconds-left' })]
  })
}
