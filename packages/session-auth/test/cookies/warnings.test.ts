import t from 'tap'
import { makeApp, PASSWORD } from '../make-app.ts'

type Options = NonNullable<Parameters<typeof makeApp>[0]>

const CHROME = 'Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const SAFARI = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15'
const CHROME_OF_IOS =
  'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1'
const FIREFOX = 'Mozilla/5.0 (Macintosh; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The warnings in the log of a service, at boot and after a sign-in over plain http. */
async function warnings(options: Options['session'], host?: string, userAgent = FIREFOX) {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const { app } = await makeApp({
    ...(options && { session: options }),
    server: { logger: { level: 'warn', stream } }
  })
  const headers = { ...(host !== undefined && { host }), 'user-agent': userAgent }
  const payload = { username: 'ada', password: PASSWORD }
  for (let at = 0; at < 2 && host !== undefined; at += 1)
    await app.inject({ method: 'POST', url: '/session/login', headers, payload })
  await app.close()
  return lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)
}

t.test('S16: a Secure cookie over plain http logs a warning, once, where browsers drop it', async (t) => {
  t.match(await warnings({}, 'shop.test'), [/plain http, where browsers drop it/])
  t.match(await warnings({}, 'localhost.shop.test:3000'), [/browsers drop it/])
  t.strictSame(await warnings({ cookie: { secure: false } }, 'shop.test'), [])
})

t.test('S16: on localhost it logs one only where the browser is WebKit', async (t) => {
  for (const host of [
    'localhost:3000',
    'app.localhost',
    'a.b.LOCALHOST:80',
    '127.0.0.1:3000',
    '127.1.2.3',
    '[::1]:3000'
  ]) {
    for (const userAgent of [CHROME, FIREFOX, 'curl/8'])
      t.strictSame(await warnings({}, host, userAgent), [], `${host} ${userAgent}`)
    for (const userAgent of [SAFARI, CHROME_OF_IOS])
      t.match(await warnings({}, host, userAgent), [/Safari drops it.*cookie\.secure to false/], host)
  }
})

t.test('S24: a name without __Host- logs a warning at boot, where the cookie is Secure', async (t) => {
  t.strictSame(await warnings({}), [])
  t.strictSame(await warnings({ cookie: { name: '__Host-shop' } }), [])
  t.strictSame(await warnings({ cookie: { name: 'sid', secure: false } }), [], 'which cannot have it')
  for (const name of ['sid', '__Secure-sid'])
    t.match(await warnings({ cookie: { name } }), [
      new RegExp(`cookie.name ${name} does not begin with __Host-`)
    ])
})
