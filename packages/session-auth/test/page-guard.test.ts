import t from 'tap'
import type { FastifyInstance } from 'fastify'
import { nextPath } from '../src/index.ts'
import { makeApp, type TestApp } from './make-app.ts'

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const pages = (app: FastifyInstance) => {
  const guard = app.sessionAuth.guard({ redirectTo: '/login?lang=de' })
  const handler = async () => 'page'
  app.route({ method: ['GET', 'POST', 'OPTIONS'], url: '/orders', onRequest: guard, handler })
  app.get('/admin', {
    onRequest: app.sessionAuth.guard({ redirectTo: '/login', scopes: ['admin'] }),
    handler
  })
  app.get('/billing', {
    onRequest: app.sessionAuth.guard({ redirectTo: '/login', maxAgeSeconds: 300 }),
    handler
  })
  app.get('/*', { onRequest: guard, handler })
  app.get('/login', { onRequest: guard, handler })
  app.get('/awaited', async (request, reply) => {
    await guard(request, reply)
    throw new Error('went on')
  })
  app.get('/next', async (request) => ({ next: nextPath(request, '/home') }))
}

async function locationOf({ app }: TestApp, url: string, headers: object = HTML, method = 'GET') {
  const response = await app.inject({ method: method as 'GET', url, headers: { ...headers } })
  if (response.statusCode === 303) {
    const { 'cache-control': cache, vary } = response.headers
    if (cache !== 'no-store' || vary !== 'Cookie') throw new Error('a cache could store the redirect')
  }
  return response.statusCode === 303 ? response.headers.location : response.statusCode
}

t.test('a navigation without a valid login is redirected, with its own path as next', async (t) => {
  const test = await makeApp({ routes: pages })
  t.equal(await locationOf(test, '/orders?a=1&b=%2F'), '/login?lang=de&next=%2Forders%3Fa%3D1%26b%3D%252F')
  t.equal(await locationOf(test, '/orders', HTML, 'HEAD'), '/login?lang=de&next=%2Forders')
  t.equal(
    await locationOf(test, '/orders', { ...HTML, 'sec-fetch-mode': 'navigate' }),
    '/login?lang=de&next=%2Forders'
  )
  t.equal(
    await locationOf(test, '/orders', { ...HTML, cookie: '__Host-drawbridge=forged' }),
    '/login?lang=de&next=%2Forders'
  )
  t.equal(await locationOf(test, '/orders', { ...HTML, cookie: await test.signIn() }), 200)
})

t.test('a login that the store no longer has is redirected too', async (t) => {
  const test = await makeApp({ routes: pages })
  const cookie = await test.signIn()
  const { userId } = (await test.app.inject({ url: '/me', headers: { cookie } })).json()
  await test.logins.revokeUser(userId)
  t.equal(await locationOf(test, '/orders', { ...HTML, cookie }), '/login?lang=de&next=%2Forders')
})

t.test('a navigation whose user must authenticate again is redirected, and nothing else is', async (t) => {
  const test = await makeApp({ routes: pages })
  const cookie = await test.signIn()
  t.equal(await locationOf(test, '/billing', { ...HTML, cookie }), 200)
  test.clock.now += 300_001
  t.equal(await locationOf(test, '/billing', { ...HTML, cookie }), '/login?next=%2Fbilling')
  t.equal(await locationOf(test, '/billing', { cookie }), 401)
  t.equal(await locationOf(test, '/orders', { ...HTML, cookie }), 200)
})

t.test('what is no navigation gets the 401 as before', async (t) => {
  const test = await makeApp({ routes: pages })
  const others = [
    {},
    { accept: '*/*' },
    { accept: 'application/json' },
    { accept: 'text/html;q=0, */*' },
    { accept: 'text/htmlx' },
    { ...HTML, 'sec-fetch-mode': 'cors' },
    { ...HTML, 'sec-fetch-mode': 'no-cors' },
    { ...HTML, upgrade: 'websocket', 'sec-fetch-site': 'same-origin' }
  ]
  for (const headers of others)
    t.equal(await locationOf(test, '/orders', headers), 401, JSON.stringify(headers))
  t.equal(await locationOf(test, '/orders', HTML, 'POST'), 401)
})

t.test('400, 403 and 503 are not redirected, nor is the page of the sign-in itself', async (t) => {
  const test = await makeApp({ routes: pages })
  const cookie = await test.signIn()
  t.equal(await locationOf(test, '/admin', { ...HTML, cookie }), 403)
  t.equal(await locationOf(test, '/admin', HTML), '/login?next=%2Fadmin')
  t.equal(await locationOf(test, '/orders', { ...HTML, cookie: `${cookie}; ${await test.signIn()}` }), 400)
  t.equal(await locationOf(test, '/login?next=%2Forders'), 401, 'it would be redirected for ever')
  test.clock.now += 900_000
  test.storeSpy.outage = new Error('down')
  t.equal(await locationOf(test, '/orders', { ...HTML, cookie }), 503)
})

t.test('a guard that a hook awaits redirects, and the hook does not go on', async (t) => {
  const test = await makeApp({ routes: pages })
  t.equal(await locationOf(test, '/awaited'), '/login?lang=de&next=%2Fawaited')
})

t.test('next is never another origin, whatever is asked for', async (t) => {
  const test = await makeApp({ routes: pages })
  for (const url of ['//evil.example', '//evil.example/orders', `/${'x'.repeat(3000)}`, '/.//evil.example'])
    t.equal(await locationOf(test, url), '/login?lang=de', url.slice(0, 30))
})

const LOCAL = [
  '/',
  '/orders',
  '/orders?a=//b',
  '/a#b',
  '/%2F%2Fevil.example',
  '/@evil.example',
  '/a/../b',
  '/:80'
]
const FOREIGN = [
  '',
  'orders',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/orders\\..\\',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\nset-cookie: a=b',
  ' //evil.example',
  '/ /evil',
  'https://evil.example',
  'https:evil.example',
  'http:///evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '@evil.example',
  '?a=b',
  '#a',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/é',
  '/\u2028',
  '/\u0000',
  `/${'a'.repeat(2000)}`
]

t.test('nextPath gives a path of this origin alone', async (t) => {
  const { app } = await makeApp({ routes: pages })
  const next = async (query: string) => (await app.inject(`/next?${query}`)).json().next as string
  for (const path of LOCAL) t.equal(await next(`next=${encodeURIComponent(path)}`), path)
  for (const path of FOREIGN)
    t.equal(await next(`next=${encodeURIComponent(path)}`), '/home', encodeURIComponent(path.slice(0, 30)))
  t.equal(await next('next=%2Fa&next=%2Fb'), '/home', 'several')
  t.equal(await next('next[]=%2Fa'), '/home')
  t.equal(await next('next=%FF'), '/home')
  t.equal(await next('a=b?next=%2Fa'), '/home')
  t.equal(await next(''), '/home')
})

t.test('a page that is not a path of this origin is an error when the guard is made', async (t) => {
  const { app } = await makeApp()
  for (const redirectTo of [
    'login',
    '//evil.example',
    '/\\evil.example',
    'https://sso.example',
    '/a#b',
    '',
    1
  ])
    t.throws(
      () => app.sessionAuth.guard({ redirectTo } as never),
      /sessionAuth\.guard\.redirectTo must be a path/
    )
})
