import type { AddressInfo } from 'node:net'
import formbody from '@fastify/formbody'
import { nextPath, principalOf } from '@drawbridge/session-auth'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import { account, inBothOrders } from './both-orders.ts'
import { createGuardedService } from './guarded-service.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

t.test(
  '@fastify/formbody reads the forms of the service, and ours are as strict as without it',
  async (t) => {
    await inBothOrders(
      t,
      {
        session: { forms: true },
        others: (app) => app.register(formbody),
        routes: (app) =>
          void app.post('/orders', { onRequest: app.sessionAuth.guard }, async ({ body }) => body)
      },
      async (t, { post, signIn }) => {
        const right = new URLSearchParams(account).toString()
        const send = (url: string, payload: string, headers = {}) =>
          post(url, { headers: { ...FORM, ...headers }, payload })
        t.equal((await send('/session/login', right)).headers.location, '/')
        const twice = await send('/session/login', `${right}&username=eve`)
        t.equal(twice.headers.location, '/session/login?error=malformed')
        const cookie = await signIn()
        t.strictSame((await send('/orders', 'item=tea&item=milk', { cookie })).json(), {
          item: ['tea', 'milk']
        })
        t.equal((await send('/session/logout', 'a=b', { cookie })).headers.location, '/')
        t.equal((await send('/orders', 'item=tea', { cookie })).statusCode, 401)
      }
    )
  }
)

/** Pages with the forms of a sign-in and a log-out. */
const pages = (app: FastifyInstance) => {
  const send = (reply: FastifyReply, html: string) => reply.type('text/html').send(`<!doctype html>${html}`)
  const signInForm =
    '<form method="post"><input name="username"><input name="password" type="password"><button>Sign in</button></form>'
  app.get('/login', (_request, reply) => send(reply, signInForm))
  app.get('/', (_request, reply) => send(reply, 'start'))
  app.get('/orders', { onRequest: app.sessionAuth.guard({ redirectTo: '/login' }) }, (request, reply) =>
    send(
      reply,
      `<p>${principalOf(request).username}</p><form method="post" action="/logout"><button>Log out</button></form>`
    )
  )
  app.get('/on', (request, reply) => reply.redirect(nextPath(request), 303))
}

async function listen(t: Test, app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

async function startPages(t: Test) {
  const { app } = await createGuardedService({
    // Plain http: a browser stores no Secure cookie.
    session: { cookie: { secure: false }, prefix: '', forms: true },
    routes: pages
  })
  return listen(t, app)
}

/** A site of a stranger, whose forms send right credentials to another site. */
async function startElsewhere(t: Test, own: string): Promise<string> {
  const app = Fastify()
  const inputs = Object.entries(account).map(([name, value]) => `<input name="${name}" value="${value}">`)
  app.get<{ Params: { path: string } }>('/:path', (request, reply) =>
    reply
      .type('text/html')
      .send(
        `<!doctype html><form method="post" action="${own}/${request.params.path}">${inputs.join('')}<button>Win</button></form>`
      )
  )
  return listen(t, app)
}

t.test(
  'a browser signs in and out by forms, and a page of another origin does neither',
  { skip: noBrowser },
  async (t) => {
    const own = await startPages(t)
    const elsewhere = await startElsewhere(t, own)
    const context = await (await startBrowser(t)).newContext()
    const page = await context.newPage()
    const press = async (name: string) => {
      const response = page.waitForResponse((each) => each.request().method() === 'POST')
      await page.getByRole('button', { name }).click()
      const status = (await response).status()
      await page.waitForLoadState()
      return status
    }
    const submit = async (password: string) => {
      await page.locator('[name=username]').fill(account.username)
      await page.locator('[name=password]').fill(password)
      return press('Sign in')
    }

    await page.goto(`${elsewhere}/login`)
    t.equal(await press('Win'), 403, 'C24 a sign-in by a page of another origin')
    t.strictSame(await context.cookies(own), [])

    await page.goto(`${own}/orders?page=2`)
    t.equal(page.url(), `${own}/login?next=%2Forders%3Fpage%3D2`)
    t.equal(await submit('wrong'), 303)
    await page.waitForURL(`${own}/login?error=invalid-credentials&next=%2Forders%3Fpage%3D2`)
    t.equal(await submit(account.password), 303)
    await page.waitForURL(`${own}/orders?page=2`)
    t.equal(await page.locator('p').innerText(), 'ada')

    await page.goto(`${elsewhere}/logout`)
    t.equal(await press('Win'), 403, 'C25 a log-out by a page of another origin')
    await page.goto(`${own}/orders`)
    t.equal(await page.locator('p').innerText(), 'ada')

    t.equal(await press('Log out'), 303)
    await page.waitForURL(`${own}/`)
    await page.goto(`${own}/orders`)
    t.equal(page.url(), `${own}/login?next=%2Forders`)
  }
)

t.test('C20 C21 a browser stays on our origin, whatever next says', { skip: noBrowser }, async (t) => {
  const own = await startPages(t)
  const page = await (await (await startBrowser(t)).newContext()).newPage()
  const { host } = new URL(await startElsewhere(t, own))
  for (const next of [
    `//${host}/a`,
    `/\\${host}/a`,
    `/\t/${host}/a`,
    `/.//${host}/a`,
    `http://${host}/a`,
    `\\\\${host}/a`
  ]) {
    await page.goto(`${own}/on?next=${encodeURIComponent(next)}`)
    t.equal(page.url(), `${own}/`, JSON.stringify(next))
  }
  await page.goto(`${own}/on?next=%2Flogin`)
  t.equal(page.url(), `${own}/login`, 'the control')
})
