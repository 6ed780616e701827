import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { buildModules, parseBlocks } from '../../../scripts/docs/blocks.ts'
import { stripTypes } from '../../../scripts/docs/strip-types.ts'

const GUIDE = 'docs/guides/clients.md'
const SERVICE = 'https://api.example.com'
const account = { username: 'ada', password: 'correct horse battery staple' }

/** The client of the guide as a module of a page. */
function readClient(): string {
  const markdown = readFileSync(new URL(`../../../${GUIDE}`, import.meta.url), 'utf8')
  const modules = buildModules(parseBlocks(GUIDE, markdown))
  const module = modules.find(({ block }) => block.text.includes('navigator.locks'))
  // Without what only a driver of the guide uses.
  return stripTypes((module?.text ?? '').replace(/^(?:import|export) \{.*$/gm, '')).replace(SERVICE, '')
}

/** A service for the tabs, and the refresh tokens that were presented to it, in order. */
async function startService(t: Test) {
  const credentials = createCredentials({ users: createMemoryUserStore() })
  await credentials.register(account)
  const app = Fastify()
  await app.register(tokenAuth, {
    credentials,
    logins: createLogins({ store: createMemoryLoginStore() }),
    keys: [generateSigningKey()],
    // A token that two tabs present revokes the login at once.
    refreshGraceSeconds: 0
  })
  const presented: unknown[] = []
  app.addHook('preValidation', async ({ url, body }) => {
    if (url === '/token/refresh') presented.push((body as { refresh_token: unknown }).refresh_token)
  })
  app.get('/client.js', (_request, reply) => reply.type('text/javascript').send(readClient()))
  app.get('/', (_request, reply) => reply.type('text/html').send('<!doctype html><title>a tab</title>'))
  app.get('/me', { onRequest: app.tokenAuth.guard }, ({ principal }) => principal?.username)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return { app, presented, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` }
}

const CALLS = 20

/** Calls the service again and again, each time as a page that was just loaded. @returns what it got. */
const CALL = `import('/client.js').then(async ({ createTab }) => {
  const names = []
  for (let call = 0; call < ${CALLS}; call += 1) {
    const { fetch } = await createTab()
    names.push(await (await fetch('/me')).text())
  }
  return names
})`

const storeToken = (token: string) => `(async () => {
  const opening = indexedDB.open('tokens')
  opening.onupgradeneeded = () => opening.result.createObjectStore('tokens')
  await new Promise((resolve) => (opening.onsuccess = resolve))
  const writing = opening.result.transaction('tokens', 'readwrite')
  writing.objectStore('tokens').put(${JSON.stringify(token)}, 'refresh_token')
  await new Promise((resolve) => (writing.oncomplete = resolve))
})()`

t.test('tabs take turns to refresh, so that no token is presented twice', { skip: noBrowser }, async (t) => {
  const { app, presented, url } = await startService(t)
  const signIn = await app.inject({ method: 'POST', url: '/token/login', payload: account })
  const context = await (await startBrowser(t)).newContext()
  t.teardown(() => context.close())
  const tabs = await Promise.all([context.newPage(), context.newPage(), context.newPage()])
  for (const tab of tabs) await tab.goto(url)
  await tabs[0].evaluate(storeToken(signIn.json<{ refresh_token: string }>().refresh_token))
  const names = await Promise.all(tabs.map((tab) => tab.evaluate(CALL)))
  t.strictSame(names.flat(), Array(tabs.length * CALLS).fill('ada'))
  t.equal(presented.length, tabs.length * CALLS)
  t.equal(new Set(presented).size, presented.length)
})
