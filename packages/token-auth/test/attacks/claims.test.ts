import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { claimsOf, START } from '../make-app.ts'
import { ANSWERS, type Attacks, refusesAll } from './answers.ts'
import { NOW, openService, show, withRaw } from './open-service.ts'
import { getRaw } from './raw-request.ts'

const service = await openService(t)
const { signed, changed, claims } = service

/** Tokens with one claim that has each of these values. */
const having = (name: string, ...values: unknown[]): Attacks =>
  values.map((value) => [`${name} ${show(value)}`, signed({ payload: changed({ [name]: value }) })])

/** The same, of values that only JSON text can say. */
const saying = (name: string, ...values: string[]): Attacks =>
  values.map((text) => [`${name} ${text}`, signed({ payload: withRaw(claims, name, text) })])

const misshapen = (name: string) => `claim ${name} is missing or not of its type`

const NO_TEXT = [undefined, null, true, false, 0, 1, '', [], {}, ['drawbridge'], { a: 1 }, '\ud800']
const TOO_LONG = 'x'.repeat(1025)
const NO_TIME = [undefined, null, true, false, `${NOW}`, '', [], [NOW], {}, NOW + 0.5, -1]

t.test('F4 each claim must be there', async (t) => {
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
  for (const name of required) await refusesAll(t, service, misshapen(name), having(name, undefined))
  await refusesAll(t, service, misshapen('iss'), [['none at all', signed({ payload: '{}' })]])
})

t.test('J40 for another audience', (t) =>
  refusesAll(
    t,
    service,
    'for another audience',
    having('aud', 'other', 'https://api.example', 'drawbridge2', '*', ' ')
  )
)

t.test('J41 no audience', (t) => refusesAll(t, service, misshapen('aud'), having('aud', undefined)))

t.test('J42 an audience that is no text', (t) =>
  refusesAll(t, service, misshapen('aud'), having('aud', [], [''], {}, [['drawbridge']], null, true, 1, ''))
)

t.test('J43 a list of audiences, ours among them', (t) =>
  refusesAll(
    t,
    service,
    misshapen('aud'),
    having('aud', ['x', 'drawbridge'], ['drawbridge', 'x'], ['drawbridge'])
  )
)

t.test('J44 nearly our audience', (t) =>
  refusesAll(
    t,
    service,
    'for another audience',
    having(
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
  await refusesAll(
    t,
    service,
    'of another issuer',
    having('iss', 'evil', 'drawbridge/', 'Drawbridge', 'drawbridge ', 'drawbridge.evil', 'https://drawbridge')
  )
  await refusesAll(
    t,
    service,
    misshapen('iss'),
    having('iss', ['drawbridge', 'evil'], ['drawbridge'], ...NO_TEXT, TOO_LONG)
  )
})

t.test('J46 a sub that names nobody', (t) =>
  refusesAll(t, service, misshapen('sub'), [
    ...having('sub', ...NO_TEXT, TOO_LONG),
    ['10 kB', signed({ payload: changed({ sub: 'x'.repeat(10_000) }) }), 'not a bearer token']
  ])
)

t.test('J47 F6 a jti that is none, and a new one on a login that has ended', async (t) => {
  await refusesAll(t, service, misshapen('jti'), having('jti', ...NO_TEXT, TOO_LONG))
  const { token } = await service.logIn()
  await service.logOut({ token })
  const { jti, ...ended } = claimsOf(token)
  await refusesAll(t, service, 'the login has ended', [
    ['its own', signed({ payload: { ...ended, jti } })],
    ['a new one', signed({ payload: { ...ended, jti: 'new' } })],
    ['that of a living login', signed({ payload: { ...ended, jti: claims.jti } })]
  ])
})

t.test('F6 every other claim is of its type too', async (t) => {
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
    await refusesAll(t, service, misshapen(name), having(name, ...list))
  }
})

t.test('J54 exp that is no number', (t) =>
  refusesAll(t, service, misshapen('exp'), having('exp', `${NOW + 600}`, null, true, [NOW + 600], {}, ''))
)

t.test('J55 F5 good until exp and not at it, verified or remembered', async (t) => {
  const own = await openService(t)
  const fresh = () => own.signed({ payload: own.changed({ jti: `${own.clock.now}` }) })
  const remembered = own.control()
  for (const [past, status] of [
    [0, 200],
    [599_000, 200],
    [599_999, 200],
    [600_000, 401],
    [600_001, 401],
    [601_000, 401]
  ] as const) {
    own.clock.now = START + past
    t.equal((await own.show(fresh())).status, status, `verified ${past - 600_000} ms from exp`)
    t.equal((await own.show(remembered)).status, status, `remembered ${past - 600_000} ms from exp`)
  }
  own.lines.length = 0
  t.equal((await own.show(fresh())).text, ANSWERS.invalid)
  t.match(own.lines.join(''), 'Unauthorized: expired"')
})

t.test('J56 F2 F3 exp that is no time, or no near one', async (t) => {
  await refusesAll(t, service, misshapen('exp'), [
    ...saying('exp', '1e400', '-1e400', '1e300', '-1e300', '9007199254740992', `${NOW + 600.5}`, '-1')
  ])
  await refusesAll(t, service, 'expired', saying('exp', '0', '-0', '1e3', `${NOW - 1}`, `${NOW}`))
  await refusesAll(t, service, 'good for too long', [
    ...saying('exp', '9007199254740991', `${START}`, `${NOW + 896}`, '1e10')
  ])
  for (const [label, token] of saying('exp', `${NOW + 600}.0`, `${(NOW + 600) / 1e9}e9`)) {
    t.equal((await service.show(token)).status, 200, `${label}: a whole number, however it is written`)
  }
})

t.test('J57 no exp', (t) => refusesAll(t, service, misshapen('exp'), having('exp', undefined)))

t.test('J58 F2 nbf that is to come, or no time', async (t) => {
  await refusesAll(t, service, 'not good yet', having('nbf', NOW + 6, NOW + 600, 9e9))
  await refusesAll(t, service, misshapen('nbf'), [
    ...saying('nbf', '1e400', '-1e300', '1e300', 'null', '-1', '0.5'),
    ...having('nbf', `${NOW}`, [NOW], {}, true, '')
  ])
  for (const nbf of [NOW + 5, NOW, 0]) {
    t.equal((await service.show(signed({ payload: changed({ nbf }) }))).status, 200, `nbf ${nbf}`)
  }
})

t.test('J59 F6 iat that is to come, is no time, or is too long ago', async (t) => {
  await refusesAll(t, service, 'issued in the future', having('iat', NOW + 6, NOW + 599))
  await refusesAll(t, service, misshapen('iat'), [
    ...having('iat', ...NO_TIME),
    ...saying('iat', '1e400', '-1e400', '1e300')
  ])
  const born = (iat: number, exp: number) => signed({ payload: changed({ iat, exp }) })
  await refusesAll(t, service, 'good for too long', [
    ['long ago, good until soon', born(NOW - 800, NOW + 100)],
    ['at the beginning of time', born(0, NOW + 1)],
    ['good for a second more than a revocation is remembered', born(NOW, NOW + 896)]
  ])
  t.equal((await service.show(born(NOW, NOW + 895))).status, 200, 'exactly as long')
  t.equal((await service.show(born(NOW + 5, NOW + 600))).status, 200, 'within the skew of clocks')
})

t.test('J69 look-alikes are others', async (t) => {
  const scopes = { scopesOf: () => ['read', 'admin'] }
  const own = await openService(t, { keys: [generateSigningKey()], tokens: scopes })
  const admin = (scope: string) =>
    getRaw(own.port, '/admin', [
      `Authorization: Bearer ${own.signed({ payload: own.changed({ scope, jti: scope }) })}`
    ])
  t.equal((await admin('read admin')).status, 200, 'the control')
  for (const scope of ['read аdmin', 'read ａdmin', 'read admi\u0131n', 'read\u00a0admin', 'ｒead admin']) {
    t.equal((await admin(scope)).text, ANSWERS.invalid, show(scope))
  }
  for (const scope of ['read ADMIN', 'read Admin', 'read admin2', 'readadmin']) {
    t.equal((await admin(scope)).status, 403, scope)
  }
  await refusesAll(
    t,
    service,
    'of another issuer',
    having('iss', 'ｄrawbridge', 'dr\u0430wbridge', 'drawbr\u0131dge')
  )
  await refusesAll(
    t,
    service,
    'for another audience',
    having('aud', 'ｄrawbridge', 'dr\u0430wbridge', 'drawbridge\u200b')
  )
  // Such a token can only come of a fault of ours: whom it names is not the user of the login in the store.
  await refusesAll(
    t,
    service,
    'the login is of another user',
    having('sub', `${String(claims.sub)}\u200b`, `${String(claims.sub)} `, String(claims.sub).toUpperCase())
  )
})
