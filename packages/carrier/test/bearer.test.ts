import t from 'tap'
import { hasDuplicateAuthorization, readBearer, splitBearer } from '../src/bearer.ts'

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

t.test('a header is split at its scheme, without a look at the letters of the token', async (t) => {
  for (const [scheme, token] of [
    ['Bearer', 'abc'],
    ['bEARER', 'abc'],
    ['Bearer', ' a b'],
    ['Bearer', ''],
    ['Bearer', 'x'.repeat(8192 - 7)]
  ] as const)
    t.strictSame(splitBearer(`${scheme} ${token}`), { kind: 'token', token })
  for (const header of ['Bearer', 'Bearer\tabc', `Bearer ${'x'.repeat(8192 - 6)}`])
    t.equal(splitBearer(header).kind, 'malformed', header.slice(0, 20))
  for (const header of ['', 'Basic eDp4', 'bearertoken', ' Bearer x'])
    t.equal(splitBearer(header).kind, 'none', header)
})
