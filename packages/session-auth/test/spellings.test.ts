import t from 'tap'
import { cookieFrom, makeApp } from './make-app.ts'

const SPELLINGS = 3000

/** The value with another choice of its characters percent-encoded, by the bits of a number. */
function encodeVariant(value: string, number: number): string {
  return Array.from(value, (character, at) =>
    (number >> at) & 1 ? `%${character.charCodeAt(0).toString(16)}` : character
  ).join('')
}

t.test('L2: K22 a session cookie is one credential, however it is percent-encoded', async (t) => {
  const { app, signIn, logins, storeSpy } = await makeApp()
  t.teardown(() => app.close())
  const [name, value] = (await signIn()).split(/=(.*)/s) as [string, string]
  const show = async (text: string) =>
    (await app.inject({ url: '/me', headers: { cookie: `${name}=${text}` } })).statusCode
  const statuses = new Set<number>()
  for (let at = 1; at <= SPELLINGS; at += 1) statuses.add(await show(encodeVariant(value, at)))
  t.strictSame([...statuses], [200])
  t.strictSame([storeSpy.counts.find, logins.health().cacheSize], [1, 1])
  t.equal(await show(value), 200)
  t.strictSame([storeSpy.counts.find, logins.health().cacheSize], [1, 1], 'as it was set')
})

t.test('L2: nor does a session with a snapshot fill the cache by its spellings', async (t) => {
  const { app, logins } = await makeApp({ session: { snapshotSeconds: 60 } })
  t.teardown(() => app.close())
  const payload = { username: 'ada', password: 'correct horse battery staple' }
  const answer = await app.inject({ method: 'POST', url: '/session/login', payload })
  const [session = '', snapshot = ''] = answer.cookies.map(({ name, value }) => `${name}=${value}`)
  const [name, value] = session.split(/=(.*)/s) as [string, string]
  for (let at = 1; at <= 100; at += 1) {
    const cookie = `${name}=${encodeVariant(value, at)}; ${snapshot}`
    t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
  }
  t.equal(logins.health().cacheSize, 1)
})

t.test('L2: the cookie is set in the spelling of its cache key, whatever encodes the others', async (t) => {
  const { app, storeSpy } = await makeApp({
    routes: (app) => {
      app.post('/mint', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, { user: { id: '1', username: 'ada' } })
        return {}
      })
    }
  })
  t.teardown(() => app.close())
  for (let at = 0; at < 20; at += 1) {
    const cookie = cookieFrom(await app.inject({ method: 'POST', url: '/mint' }))
    t.notMatch(cookie, /%/)
    await app.inject({ url: '/me', headers: { cookie } })
  }
  t.equal(storeSpy.counts.find, 20)
})
