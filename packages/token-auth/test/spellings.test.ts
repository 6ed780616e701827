import t from 'tap'
import { makeApp } from './make-app.ts'

t.test('L2: K22 an access token is one credential, in whichever case its scheme is written', async (t) => {
  const { app, clock, keys, storeSpy, signIn } = await makeApp()
  t.teardown(() => app.close())
  const { token } = await signIn()
  clock.now += 10_000
  // A node that was started after the token was issued asks the store for its login once.
  const node = await makeApp({ clock, storeSpy, keys })
  t.teardown(() => node.app.close())
  storeSpy.calls.length = 0
  const statuses = new Set<number>()
  for (let at = 0; at < 64; at += 1) {
    const scheme = Array.from('bearer', (character, bit) =>
      (at >> bit) & 1 ? character.toUpperCase() : character
    ).join('')
    const headers = { authorization: `${scheme} ${token}` }
    statuses.add((await node.app.inject({ url: '/me', headers })).statusCode)
  }
  t.strictSame([...statuses], [200])
  t.strictSame(storeSpy.calls, ['find'])
  t.equal(node.logins.health().cacheSize, 1)
  t.equal((await node.read(token)).statusCode, 200)
  t.equal(node.logins.health().cacheSize, 1)
})
