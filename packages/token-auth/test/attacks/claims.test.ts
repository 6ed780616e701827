import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { decodeClaims, START } from '../make-app.ts'
import { RESPONSES, type Attacks, rejectsAll } from './responses.ts'
import { NOW, openService, show, withRawMember } from './open-service.ts'
import { getRaw } from './raw-client.ts'

const service = await openService(t)
const { makeToken, changeClaims, claims } = service

/** Tokens with one claim that has each of these values. */
const withValues = (name: string, ...values: unknown[]): Attacks =>
  values.map((value) => [`${name} ${show(value)}`, makeToken({ payload: changeClaims({ [name]: value }) })])

/** The same, of values that only JSON text can say. */
const withRawValues = (name: string, ...values: string[]): Attacks =>
  values.map((text) => [`${name} ${text}`, makeToken({ payload: withRawMember(claims, name, text) })])

const invalidClaim = (name: string) => `claim ${name} is missing or not of its type`

const NO_TEXT = [undefined, null, true, false, 0, 1, '', [], {}, ['drawbridge'], { a: 1 }, '\ud800']
const TOO_LONG = 'x'.repeat(1025)
const NO_TIME = [undefined, null, true, false, `${NOW}`, '', [], [NOW], {}, NOW + 0.5, -1]

t.test('F4 each claim is required', async (t) => {
  const required = [
    'iss',
    'aud',
    'sub',
    'sid',
    'jti',
    'iat',
    'exp',
    'auth_time',
    'login_exp',
    'preferred_username'
  ]
  for (const name of required) await rejectsAll(t, service, invalidClaim(name), withValues(name, undefined))
  await rejectsAll(t, service, invalidClaim('iss'), [['none at all', makeToken({ payload: '{}' })]])
})

t.test('J40 for another audience', (t) =>
  rejectsAll(
    t,
    service,
    'for another audience',
    withValues('aud', 'other', 'https://api.example', 'drawbridge2', '*', ' ')
  )
)

t.test('J41 no audience', (t) => rejectsAll(t, service, invalidClaim('aud'), withValues('aud', undefined)))

t.test('J42 an audience that is not a string', (t) =>
  rejectsAll(
    t,
    service,
    invalidClaim('aud'),
    withValues('aud', [], [''], {}, [['drawbridge']], null, true, 1, '')
  )
)

t.test('J43 a list of audiences, ours among them', (t) =>
  rejectsAll(
    t,
    service,
    invalidClaim('aud'),
    withValues('aud', ['x', 'drawbridge'], ['drawbridge', 'x'], ['drawbridge'])
  )
)

t.test('J44 nearly our audience', (t) =>
  rejectsAll(
    t,
    service,
    'for another audience',
    withValues(
      'aud',
      'drawbridge ',
      ' drawbridge',
      'DRAWBRIDGE',
      'draw',
      'drawbridge.evil',
      'drawbridge\0',
      'drawbridge/'
    )
  )
)

t.test('J45 another issuer, nearly ours, a list or none', async (t) => {
  await rejectsAll(
    t,
    service,
    'of another issuer',
    withValues(
      'iss',
      'evil',
      'drawbridge/',
      'Drawbridge',
      'drawbridge ',
      'drawbridge.evil',
      'https://drawbridge'
    )
  )
  await rejectsAll(
    t,
    service,
    invalidClaim('iss'),
    withValues('iss', ['drawbridge', 'evil'], ['drawbridge'], ...NO_TEXT, TOO_LONG)
  )
})

t.test('J46 a sub of no user', (t) =>
  rejectsAll(t, service, invalidClaim('sub'), [
    ...withValues('sub', ...NO_TEXT, TOO_LONG),
    ['10 kB', makeToken({ payload: changeClaims({ sub: 'x'.repeat(10_000) }) }), 'not a bearer token']
  ])
)

t.test('J47 F6 a malformed jti, and a new one on a revoked login', async (t) => {
  await rejectsAll(t, service, invalidClaim('jti'), withValues('jti', ...NO_TEXT, TOO_LONG))
  const { token } = await service.signIn()
  await service.signOut({ token })
  const { jti, ...ended } = decodeClaims(token)
  await rejectsAll(t, service, 'the login is not active', [
    ['its own', makeToken({ payload: { ...ended, jti } })],
    ['a new one', makeToken({ payload: { ...ended, jti: 'new' } })],
    ['that of an active login', makeToken({ payload: { ...ended, jti: claims.jti } })]
  ])
})

t.test('F6 every other claim must be of its type too', async (t) => {
  const { sid } = claims as { sid: string }
  const values: Record<string, readonly unknown[]> = {
    sid: [...NO_TEXT, 'short', `${sid}A`, sid.slice(1), '*'.repeat(28), ` ${sid.slice(1)}`],
    preferred_username: [...NO_TEXT, TOO_LONG],
    auth_time: NO_TIME,
    login_exp: NO_TIME,
    scope: [null, 1, '', ' ', 'a  b', ' a', 'a ', 'a"b', 'a\\b', 'a\tb', 'ä', ['a']],
    ext: [null, 1, 'x', true, [], [{}]]
  }
  for (const [name, list] of Object.entries(values)) {
    await rejectsAll(t, service, invalidClaim(name), withValues(name, ...list))
  }
})

t.test('J54 exp that is not a number', (t) =>
  rejectsAll(
    t,
    service,
    invalidClaim('exp'),
    withValues('exp', `${NOW + 600}`, null, true, [NOW + 600], {}, '')
  )
)

t.test('J55 F5 valid until exp and not at it, verified or cached', async (t) => {
  const own = await openService(t)
  const fresh = () => own.makeToken({ payload: own.changeClaims({ jti: `${own.clock.now}` }) })
  const remembered = own.createValidToken()
  for (const [past, status] of [
    [0, 200],
    [599_000, 200],
    [599_999, 200],
    [600_000, 401],
    [600_001, 401],
    [601_000, 401]
  ] as const) {
    own.clock.now = START + past
    t.equal((await own.getMe(fresh())).status, status, `verified ${past - 600_000} ms from exp`)
    t.equal((await own.getMe(remembered)).status, status, `remembered ${past - 600_000} ms from exp`)
  }
  own.lines.length = 0
  t.equal((await own.getMe(fresh())).text, RESPONSES.invalid)
  t.match(own.lines.join(''), 'Unauthorized: expired"')
})

t.test('J56 F2 F3 exp that is not a time, or far ahead', async (t) => {
  await rejectsAll(t, service, invalidClaim('exp'), [
    ...withRawValues('exp', '1e400', '-1e400', '1e300', '-1e300', '9007199254740992', `${NOW + 600.5}`, '-1')
  ])
  await rejectsAll(t, service, 'expired', withRawValues('exp', '0', '-0', '1e3', `${NOW - 1}`, `${NOW}`))
  await rejectsAll(t, service, 'valid for too long', [
    ...withRawValues('exp', '9007199254740991', `${START}`, `${NOW + 896}`, '1e10')
  ])
  for (const [label, token] of withRawValues('exp', `${NOW + 600}.0`, `${(NOW + 600) / 1e9}e9`)) {
    t.equal((await service.getMe(token)).status, 200, `${label}: a whole number, however it is written`)
  }
})

t.test('J57 no exp', (t) => rejectsAll(t, service, invalidClaim('exp'), withValues('exp', undefined)))

t.test('J58 F2 nbf in the future, or not a time', async (t) => {
  await rejectsAll(t, service, 'not valid yet', withValues('nbf', NOW + 6, NOW + 600, 9e9))
  await rejectsAll(t, service, invalidClaim('nbf'), [
    ...withRawValues('nbf', '1e400', '-1e300', '1e300', 'null', '-1', '0.5'),
    ...withValues('nbf', `${NOW}`, [NOW], {}, true, '')
  ])
  for (const nbf of [NOW + 5, NOW, 0]) {
    t.equal((await service.getMe(makeToken({ payload: changeClaims({ nbf }) }))).status, 200, `nbf ${nbf}`)
  }
})

t.test('J59 F6 iat in the future, not a time, or too long ago', async (t) => {
  await rejectsAll(t, service, 'issued in the future', withValues('iat', NOW + 6, NOW + 599))
  await rejectsAll(t, service, invalidClaim('iat'), [
    ...withValues('iat', ...NO_TIME),
    ...withRawValues('iat', '1e400', '-1e400', '1e300')
  ])
  const born = (iat: number, exp: number) => makeToken({ payload: changeClaims({ iat, exp }) })
  await rejectsAll(t, service, 'valid for too long', [
    ['long ago, valid until soon', born(NOW - 800, NOW + 100)],
    ['at the beginning of time', born(0, NOW + 1)],
    ['good for a second more than a revocation is remembered', born(NOW, NOW + 896)]
  ])
  t.equal((await service.getMe(born(NOW, NOW + 895))).status, 200, 'exactly as long')
  t.equal((await service.getMe(born(NOW + 5, NOW + 600))).status, 200, 'within the skew of clocks')
})

t.test('J69 look-alike characters are different characters', async (t) => {
  const logins = { getClaims: () => ({ scopes: ['read', 'admin'] }) }
  const own = await openService(t, { keys: [generateSigningKey()], logins })
  // Of a token that was issued before this node was there, the store is asked, and says the scopes.
  own.clock.now += 10_000
  const [iat, exp] = [own.claims.iat, own.claims.exp].map((time) => Number(time) + 10)
  const admin = (scope: string) =>
    getRaw(own.port, '/admin', [
      `Authorization: Bearer ${own.makeToken({ payload: own.changeClaims({ scope, jti: scope, iat, exp }) })}`
    ])
  t.equal((await admin('read admin')).status, 200, 'the control')
  for (const scope of ['read аdmin', 'read ａdmin', 'read admi\u0131n', 'read\u00a0admin', 'ｒead admin']) {
    t.equal((await admin(scope)).text, RESPONSES.invalid, show(scope))
  }
  for (const scope of ['read ADMIN', 'read Admin', 'read admin2', 'readadmin']) {
    t.equal((await admin(scope)).status, 403, scope)
  }
  await rejectsAll(
    t,
    service,
    'of another issuer',
    withValues('iss', 'ｄrawbridge', 'dr\u0430wbridge', 'drawbr\u0131dge')
  )
  await rejectsAll(
    t,
    service,
    'for another audience',
    withValues('aud', 'ｄrawbridge', 'dr\u0430wbridge', 'drawbridge\u200b')
  )
  // Only a fault of ours could make such a token: its user is not that of the login in the store.
  await rejectsAll(
    t,
    service,
    'the login is of another user',
    withValues(
      'sub',
      `${String(claims.sub)}\u200b`,
      `${String(claims.sub)} `,
      String(claims.sub).toUpperCase()
    )
  )
})
