import t from 'tap'
import { decodeLogin, encodeLogin } from '../../src/stores/login-codec.ts'
import { newLogin } from '../../src/testing/store-case.ts'

const NOW = Date.UTC(2026, 0, 1)
const login = newLogin({ userId: 'user', data: { cart: [1, 2], __proto__: null } }, NOW)
const list = () => JSON.parse(encodeLogin(login)) as unknown[]
const withMember = (place: number, value: unknown) => JSON.stringify(list().with(place, value))

t.test('decoding an encoded login returns the same login', (t) => {
  const bare = {
    ...login,
    session: null,
    refresh: null,
    scopes: [],
    data: {},
    username: '',
    idleTimeoutSeconds: 0
  }
  const refresh = {
    familyHash: 'f',
    generation: 3,
    hash: 'h',
    previousHash: 'p',
    sealed: 's',
    rotatedAt: NOW
  }
  const session = { secretHash: 's', expiresAt: NOW + 1 }
  for (const one of [
    login,
    bare,
    { ...login, refresh },
    { ...login, session },
    { ...bare, key: { secretHash: 's', name: 'deploy ]]"' } },
    { ...login, scopes: [] },
    { ...login, scopes: null },
    { ...login, userId: '\0 é "\\ \ud800' }
  ]) {
    t.same(decodeLogin(encodeLogin(one)), one)
  }
  t.end()
})

t.test('a record is short', (t) => {
  t.ok(encodeLogin(login).length < 450, String(encodeLogin(login).length))
  t.notMatch(encodeLogin(login), /\n/)
  t.end()
})

t.test('names such as __proto__ in the data stay names', (t) => {
  const text = withMember(14, 0).replace(/0]$/, '{"__proto__":{"admin":true}}]')
  const decoded = decodeLogin(text) as typeof login
  t.equal(Object.getPrototypeOf(decoded.data), Object.prototype)
  t.equal(decoded.data['admin'], undefined)
  t.equal(encodeLogin(decoded), text)
  t.end()
})

t.test('anything but a record of this version is decoded to null', (t) => {
  const whole = encodeLogin(login)
  const texts = [
    '',
    ' ',
    'null',
    '5',
    '"text"',
    '{}',
    '[]',
    '[1]',
    'undefined',
    '\u0000',
    whole.slice(0, -1),
    `${whole}]`
  ]
  texts.push(`{"__proto__":${whole}}`, `{"0":1,"length":15}`, `[${whole}]`, JSON.stringify([...list(), 1]))
  texts.push(JSON.stringify({ ...login, version: 1 }), '['.repeat(100_000))
  for (const version of [0, 2, '1', null, [1]]) texts.push(withMember(0, version))
  for (const text of texts) t.equal(decodeLogin(text), null, text.slice(0, 60))
  for (const text of [undefined, null, 5, {}, Symbol('x'), { toString: () => '[' }])
    t.equal(decodeLogin(text as never), null)
  t.end()
})

t.test('a record with a member of the wrong type is decoded to null', (t) => {
  const wrong: Array<[number, readonly unknown[]]> = [
    [1, [null, 5, '', ['id']]],
    [2, [null, 5, '', {}]],
    [3, [null, 5]],
    [9, [null, [], ['a'], ['a', 5], ['a', 'b', 'c'], { userAgent: 'a', address: 'b' }, 'ab']],
    [10, [5, [], [5], ['a', 'b'], 'a', { secretHash: 'a' }]],
    [
      10,
      [
        ['a', null],
        ['a', -1],
        ['a', 1.5],
        ['a', '5'],
        ['a', 5, 5],
        [5, 5]
      ]
    ],
    [11, [5, [], [0, 'h', null, null, 0], ['f', '0', 'h', null, null, 0], ['f', 0, 5, null, null, 0], {}]],
    [
      11,
      [
        [5, 0, 'h', null, null, 0],
        ['f', 0, 'h', 5, null, 0],
        ['f', 0, 'h', null, 5, 0],
        ['f', 0, 'h', null, null, '0'],
        ['f', -1, 'h', null, null, 0]
      ]
    ],
    [12, [5, 'h', {}, [], ['h'], ['h', 5], [5, 'name'], ['h', 'name', 'x'], [null, null]]],
    [13, ['read', 0, [5], [['read']], {}]],
    [14, [null, [], 'x', 5]]
  ]
  for (let place = 4; place <= 8; place++) wrong.push([place, [null, '5', -1, 1.5, 1e300, true, [5]]])
  for (const [place, values] of wrong) {
    for (const value of values)
      t.equal(decodeLogin(withMember(place, value)), null, `${place}: ${JSON.stringify(value)}`)
  }
  t.equal(decodeLogin(encodeLogin(login).replace(`${NOW}`, '1e999')), null)
  t.end()
})

t.test('data that could not be decoded is not encoded', (t) => {
  for (const data of [[], 'x', null, undefined, 5n, { big: 5n }, { toJSON: () => [] }, () => {}]) {
    t.throws(() => encodeLogin({ ...login, data: data as never }), TypeError)
  }
  t.end()
})
