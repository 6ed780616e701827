import type { FastifyInstance } from 'fastify'
import Database from 'libsql'
import t, { type Test } from 'tap'
import { buildDemo, signInByCookie, signInByToken } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'

declare module 'fastify' {
  interface Session {
    seen?: string
  }
}

const RUNS = 100

/** A gate at which a request waits after its guard. */
class Gate {
  #enter = (): void => {}
  #leave = (): void => {}
  readonly entered = new Promise<void>((resolve) => (this.#enter = resolve))
  readonly #left = new Promise<void>((resolve) => (this.#leave = resolve))

  pass(): Promise<void> {
    this.#enter()
    return this.#left
  }

  open(): void {
    this.#leave()
  }
}

/** Which of the two completes last: the slow request, or the log-out sent after it. */
const orders = {
  'the log-out completes while the request is in flight': async ({ gate, slow, logOut }: Race) => {
    const out = await logOut()
    gate.open()
    return [out, await slow] as const
  },
  'the request continues while the log-out is in flight': async ({ gate, slow, logOut }: Race) => {
    const out = logOut()
    gate.open()
    return [await out, await slow] as const
  }
}

interface Race {
  readonly gate: Gate
  readonly slow: Promise<number>
  readonly logOut: () => Promise<number>
}

for (const [order, race] of Object.entries(orders)) {
  t.test(`S04 a login stays revoked when ${order}`, async (t) => {
    const { app, gates, countRecords } = await buildSlowDemo(t)
    const ask = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>) =>
      (await app.inject({ method, url, headers })).statusCode

    const run = async (carrier: 'session' | 'token', headers: Record<string, string>) => {
      const gate = new Gate()
      gates.push(gate)
      const slow = ask('POST', `/slow/${carrier}`, headers)
      await gate.entered
      const [out, late] = await race({ gate, slow, logOut: () => ask('POST', `/${carrier}/logout`, headers) })
      return { out, late, after: await ask('GET', `/${carrier}/protected`, headers), records: countRecords() }
    }

    for (const carrier of ['session', 'token'] as const) {
      const wrong = []
      for (let at = 0; at < RUNS; at += 1) {
        const headers =
          carrier === 'session'
            ? { cookie: await signInByCookie(app) }
            : { authorization: `Bearer ${(await signInByToken(app)).token}` }
        const { out, late, after, records } = await run(carrier, headers)
        const isRight = out === 200 && (late === 200 || late === 401) && after === 401 && records === 0
        if (!isRight) wrong.push({ out, late, after, records })
      }
      t.same(wrong, [], `by ${carrier}, ${RUNS} times`)
    }
  })
}

/** The whole service with further routes that wait at a gate. */
async function buildSlowDemo(t: Test) {
  const dataDir = await makeDataDir(t)
  const app = await buildDemo(t, { DATA_DIR: dataDir, LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' })
  const gates: Gate[] = []
  addSlowRoutes(app, gates)
  await app.ready()
  const database = new Database(`${dataDir}/logins.db`)
  t.teardown(() => database.close())
  const count = database.prepare('SELECT count(*) AS records FROM drawbridge_logins')
  const countRecords = () => (count.all()[0] as { records: number }).records
  return { app, gates, countRecords }
}

function addSlowRoutes(app: FastifyInstance, gates: Gate[]): void {
  const wait = async () => {
    await gates.shift()?.pass()
    return { message: 'late' }
  }
  app.post('/slow/token', { onRequest: app.tokenAuth.guard }, wait)
  // This one writes to the login when it continues; the write must not restore it.
  app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.post('/slow/session', async (request) => {
      const response = await wait()
      request.session.set('seen', 'late')
      return response
    })
  })
}
