import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

/** Trusts the peer of the connection, and no proxy before it. */
const BY_ONE_PROXY = (_address: string, hop: number) => hop === 0

type Headers = Readonly<Record<string, string>>

/** A service on a socket of its own, and what it has warned of. */
async function listening(t: Test, server: FastifyServerOptions, onUnixSocket = false) {
  const warnings: string[] = []
  const write = (line: string): void => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string }
    if (level === 40 && msg.startsWith('Attempts')) warnings.push(msg)
  }
  const { app } = await makeApp({ server: { logger: { stream: { write } }, ...server } })
  t.teardown(() => app.close())
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-socket-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'service')
  const url = await app.listen(onUnixSocket ? { path: socketPath } : { host: '127.0.0.1', port: 0 })
  const target = onUnixSocket ? { socketPath } : { host: '127.0.0.1', port: Number(new URL(url).port) }
  const logIn = (username: string, password = PASSWORD, headers: Headers = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        {
          ...target,
          method: 'POST',
          path: '/session/login',
          headers: { 'content-type': 'application/json', ...headers }
        },
        (answer) => answer.resume().once('end', () => resolve(answer.statusCode))
      )
      sent.once('error', reject)
      sent.end(JSON.stringify({ username, password }))
    })
  return { logIn, warnings }
}

t.test('M6: the first forwarding header that is not trusted logs a warning, once', async (t) => {
  for (const [header, server] of [
    ['x-forwarded-for', {}],
    ['forwarded', {}],
    ['x-forwarded-for', { trustProxy: '10.0.0.0/8' }],
    // Fastify takes a number, and then trusts nobody.
    ['x-forwarded-for', { trustProxy: 1 as unknown as true }]
  ] as const) {
    const { logIn, warnings } = await listening(t, server)
    t.equal(await logIn('ada'), 200)
    t.same(warnings, [])
    for (let at = 0; at < 2; at += 1) {
      t.equal(await logIn('ada', PASSWORD, { [header]: '198.51.100.1' }), 200)
      t.equal(warnings.length, 1, header)
    }
    t.match(warnings[0], /as if all its clients were one.*trustProxy is off or.*Set Fastify's trustProxy/)
  }
})

t.test('M6: trusting every proxy logs a warning where a client can choose its address', async (t) => {
  const made = { 'x-forwarded-for': '198.51.100.1, 198.51.100.2' }
  for (const trustProxy of [true, ['0.0.0.0/1', '128.0.0.0/1']]) {
    const { logIn, warnings } = await listening(t, { trustProxy })
    t.equal(await logIn('ada', PASSWORD, { 'x-forwarded-for': '198.51.100.1' }), 200)
    t.same(warnings, [], 'a proxy that replaces the header leaves one')
    t.equal(await logIn('ada', PASSWORD, made), 200)
    t.match(warnings, [/that a client makes up/])
  }
  for (const trustProxy of [BY_ONE_PROXY, '127.0.0.1', ['loopback', '198.51.100.0/24']]) {
    const { logIn, warnings } = await listening(t, { trustProxy })
    t.equal(await logIn('ada', PASSWORD, made), 200)
    t.same(warnings, [], String(trustProxy))
  }
})

t.test('M6: with the right value a client that sends the header gets no more attempts', async (t) => {
  const { logIn } = await listening(t, { trustProxy: BY_ONE_PROXY })
  const guess = (at: number) =>
    logIn('ada', 'wrong', { 'x-forwarded-for': `203.0.113.${at}, 198.51.100.1:${50_000 + at}` })
  for (let at = 0; at < 5; at += 1) t.equal(await guess(at), 401)
  t.equal(await guess(5), 429)
  t.equal(await logIn('ada', PASSWORD, { 'x-forwarded-for': '198.51.100.2:50000' }), 200)
})

t.test(
  'M5 M6: on a Unix socket attempts are counted by account alone, with a warning, until a proxy is trusted',
  async (t) => {
    const { logIn, warnings } = await listening(t, {}, true)
    for (let at = 0; at < 101; at += 1) t.equal(await logIn(`guest ${at}`, 'wrong'), 401)
    t.match(warnings, [/by account alone/])
    for (let at = 0; at < 5; at += 1) t.equal(await logIn('bob', 'wrong'), 401)
    t.equal(await logIn('bob'), 429)
    t.equal(await logIn('ada'), 200)

    const behindProxy = await listening(t, { trustProxy: BY_ONE_PROXY }, true)
    const from = (address: string) => ({ 'x-forwarded-for': address })
    for (let at = 0; at < 5; at += 1)
      t.equal(await behindProxy.logIn('bob', 'wrong', from('198.51.100.1')), 401)
    t.equal(await behindProxy.logIn('bob', PASSWORD, from('198.51.100.1')), 429)
    t.equal(await behindProxy.logIn('bob', PASSWORD, from('198.51.100.2')), 200)
    t.same(behindProxy.warnings, [])
  }
)
