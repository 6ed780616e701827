import type { Claims } from '@drawbridge/logins'
import t from 'tap'
import { makeApp, PASSWORD } from '../make-app.ts'

/** ASVS 5.0 3.3.5: what is longer, a browser drops without a word. */
const LONGEST = 4096

t.test('no cookie is longer than a browser stores: a snapshot that would be is left out', async (t) => {
  let more = 0
  const { app } = await makeApp({
    session: { snapshotSeconds: 120, cookie: { name: 'a'.repeat(128) } },
    logins: { getClaims: () => ({ text: 'x'.repeat(more) }) as Claims }
  })
  const lengths: number[][] = []
  for (more = 0; more < 4000; more += 100) {
    const payload = { username: 'ada', password: PASSWORD }
    const answer = await app.inject({ method: 'POST', url: '/session/login', payload })
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] as string)
    lengths.push(cookies.map((cookie) => cookie.length))
    const served = await app.inject({ url: '/me', headers: { cookie: cookies.join('; ') } })
    t.match(served.json(), { text: 'x'.repeat(more) }, `${more} characters more`)
  }
  const longest = Math.max(...lengths.flat())
  t.ok(longest > LONGEST - 500 && longest <= LONGEST, `the longest has ${longest}`)
  t.same([...new Set(lengths.map(({ length }) => length))], [2, 1])
})
