import t from 'tap'
import { hasDuplicateAuthorization, readBearer, readUsualBearer } from '../src/bearer.ts'

t.test('no header and other schemes have no bearer token', async (t) => {
  for (const header of [undefined, '', 'Basic eDp4', 'bearertoken', 'Bearer=x', 'xBearer x']) {
    t.equal(readBearer(header).kind, 'none', JSON.stringify(header) ?? 'no header')
  }
})

t.test('a bearer token is token68, of 8 KiB with its scheme at most', async (t) => {
  for (const token of ['x', 'a.b.c', 'AZaz09-._~+/', 'YQ==']) {
    t.strictSame(readBearer(`Bearer ${token}`), { kind: 'token', token })
  }
  t.equal(readBearer(`Bearer ${'x'.repeat(8192 - 7)}`).kind, 'token')
  t.equal(readBearer(`Bearer ${'x'.repeat(8192 - 6)}`).kind, 'malformed')
  for (const rest of ['', ' ', '\tx', '  x', ' x y', ' =x', ' x=y', ' x\n', ' ü']) {
    t.equal(readBearer(`Bearer${rest}`).kind, 'malformed', JSON.stringify(rest))
  }
})

t.test('headers are counted by their names as they came', async (t) => {
  const has = (...names: string[]) =>
    hasDuplicateAuthorization(names.flatMap((name) => [name, 'authorization']))
  t.notOk(has())
  t.notOk(has('Host', 'Authorization', 'Accept'))
  t.notOk(has('Proxy-Authorization', 'Authorization', 'authorizatiom'))
  t.ok(has('Authorization', 'Host', 'aUTHORIZATION'))
})

t.test('the token of a header that is spelt as usual is read without a look at its letters', async (t) => {
  t.equal(readUsualBearer('Bearer abc'), 'abc')
  t.equal(readUsualBearer('Bearer  a b'), ' a b')
  for (const other of [
    'bearer abc',
    'Bearer',
    'Basic abc',
    '',
    'Bearer\tabc',
    `Bearer ${'x'.repeat(8192 - 6)}`
  ])
    t.equal(readUsualBearer(other), null, other.slice(0, 20))
  t.equal(readUsualBearer(`Bearer ${'x'.repeat(8192 - 7)}`)?.length, 8192 - 7)
})
