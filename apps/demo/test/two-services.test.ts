import t from 'tap'
import { account, buildDemo } from './build-demo.ts'

/** The cookie jar of a browser: one per host name, whatever the port. */
function createJar() {
  const jar = new Map<string, string>()
  return {
    header: () => ({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
    keep: (cookies: readonly { readonly name: string; readonly value: string }[]) => {
      for (const { name, value } of cookies) jar.set(name, value)
    }
  }
}

t.test('S28: two services on one host name with different COOKIE_NAMEs do not share logins', async (t) => {
  const services = [await buildDemo(t), await buildDemo(t, { COOKIE_NAME: 'shop' })]
  const jar = createJar()
  for (const app of services) {
    const response = await app.inject({
      method: 'POST',
      url: '/session/login',
      payload: account,
      headers: jar.header()
    })
    t.equal(response.statusCode, 200)
    jar.keep(response.cookies)
  }
  for (const app of services) {
    const response = await app.inject({ url: '/session/protected', headers: jar.header() })
    t.equal(response.statusCode, 200)
    jar.keep(response.cookies)
  }
})
