import { until } from '@drawbridge/test-support/until'
import t from 'tap'
import { buildDemo } from './build-demo.ts'

t.test('a mailed link leads to the service itself, whatever host the request names', async (t) => {
  const lines: string[] = []
  const app = await buildDemo(t, {}, { write: (line) => lines.push(line) })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const response = await app.inject({
    method: 'POST',
    url: '/account/password/forgot',
    headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    payload: { username: 'user' }
  })
  t.equal(response.statusCode, 202)
  const mails = () => lines.filter((line) => line.includes('"event":"mail"'))
  await until(() => mails().length > 0)
  const { msg, to } = JSON.parse(mails()[0] as string) as { readonly msg: string; readonly to: string }
  t.equal(to, 'user')
  t.match(msg, new RegExp(`^set a new password: ${origin}/#reset=drbo_[\\w-]+$`))
})

t.test('in production nothing is mailed, nobody registers, and the page offers neither', async (t) => {
  const secret = { DRAWBRIDGE_SECRET: 'a root secret that is long enough to be one' }
  const app = await buildDemo(t, { ...secret, NODE_ENV: 'production', REGISTRATION: 'verified' })
  t.match((await app.inject('/page.json')).json(), { account: { register: false, forgot: false } })
  for (const path of ['register', 'password/forgot', 'password/reset', 'verify']) {
    const { statusCode } = await app.inject({ method: 'POST', url: `/account/${path}`, payload: {} })
    t.equal(statusCode, 404, path)
  }
})
