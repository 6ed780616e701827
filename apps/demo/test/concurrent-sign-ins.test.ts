import t from 'tap'
import { account, buildDemo } from './build-demo.ts'

t.test('M8: twenty correct sign-ins of one account at once all succeed, by either carrier', async (t) => {
  const app = await buildDemo(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return response.status
  }
  for (const path of ['/session/login', '/token/login']) {
    const statuses = await Promise.all(Array.from({ length: 20 }, () => post(path, account)))
    t.same([...new Set(statuses)], [200], path)
  }
  const wrong = { ...account, password: 'wrong' }
  const statuses = await Promise.all(Array.from({ length: 20 }, () => post('/session/login', wrong)))
  t.equal(statuses.filter((status) => status === 401).length, 5)
  t.equal(statuses.filter((status) => status === 429).length, 15)
})
