import t from 'tap'
import { sendRequest } from './ask.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

const account = { username: 'user', password: 'pass' }

const post = (url: string, headers: Record<string, string>, json?: object) =>
  sendRequest(url, { method: 'POST', headers, ...(json && { json }) })

for (const carrier of ['session', 'token'] as const) {
  t.test(
    `H4 T13: of two processes over one data folder, each rejects the ${carrier} that the other logged out`,
    async (t) => {
      const env = { DATA_DIR: await makeDataDir(t) }
      const [one, two] = [await startDemo(t, env), await startDemo(t, env)]
      const logIn = async () => {
        const response = await post(`${one.url}/${carrier}/login`, {}, account)
        return carrier === 'session'
          ? { cookie: String(response.headers['set-cookie']).split(';', 1)[0] as string }
          : { authorization: `Bearer ${String(response.body.token)}` }
      }
      const status = async (url: string, presented: Record<string, string>) =>
        (await sendRequest(`${url}/${carrier}/protected`, { headers: presented })).status
      const presented = await logIn()
      for (const { url } of [one, two, one, two]) t.equal(await status(url, presented), 200)
      t.equal((await post(`${two.url}/${carrier}/logout`, presented)).status, 200)
      t.equal(await status(two.url, presented), 401)
      await until(async () => (await status(one.url, presented)) === 401)
      for (let again = 0; again < 5; again++) t.equal(await status(one.url, presented), 401)

      const next = await logIn()
      t.equal(await status(one.url, next), 200)
      await one.stop('SIGTERM')
      t.equal(await status(two.url, next), 200, 'one process accepts the login of the other')
    }
  )
}
