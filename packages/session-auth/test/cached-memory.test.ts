import { usedHeapBytes } from '@drawbridge/test-support/garbage'
import t from 'tap'
import { cookieFrom, makeApp } from './make-app.ts'

const SESSIONS = 500
const OTHER_COOKIES = 15_000

t.test('a cached session does not retain the other cookies of the service in memory', async (t) => {
  const { app } = await makeApp({
    routes: (app) => {
      app.post('/mint/:id', async (request, reply) => {
        const { id } = request.params as { readonly id: string }
        await app.sessionAuth.startSession(request, reply, { user: { id, username: 'ada' } })
        return {}
      })
    }
  })
  const cookies: string[] = []
  for (let at = 0; at < SESSIONS; at += 1) {
    cookies.push(cookieFrom(await app.inject({ method: 'POST', url: `/mint/user-${at}` })))
  }
  // From a socket: what is injected is retained by what injects it.
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const get = async (cookie: string) => {
    const answer = await fetch(`${url}/me`, { headers: { cookie } })
    await answer.text()
    return answer.status
  }
  const others = '; other='.padEnd(OTHER_COOKIES, 'x')
  for (const cookie of cookies.slice(0, 50)) await get(`forgotten=1${others}; ${cookie}x`)
  const before = usedHeapBytes()
  for (const cookie of cookies) t.equal(await get(`${cookie}${others}`), 200)
  await new Promise((resolve) => setImmediate(resolve))
  const grown = usedHeapBytes() - before
  t.ok(grown < (SESSIONS * OTHER_COOKIES) / 2, `${grown} bytes for ${SESSIONS}`)
})
