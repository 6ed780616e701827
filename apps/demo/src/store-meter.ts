import type { LoginStore } from '@drawbridge/logins'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Reports what each request asked of the login store. For development: an attacker could learn from it too. */
export interface StoreMeter {
  /** The same store, whose calls are counted for the request that makes them. */
  readonly measure: (store: LoginStore) => LoginStore
  /**
   * Sends `Server-Timing: store;dur=<ms>;desc="<the methods called, or not asked>"` with each response of routes that are added
   * later.
   */
  readonly report: (app: FastifyInstance) => void
}

/** What one request has asked so far. */
interface Tally {
  readonly calls: string[]
  ms: number
}

/** A meter without requests so far; `now` is in ms, on a clock that never goes back. */
export function createStoreMeter(now: () => number = () => performance.now()): StoreMeter {
  const current = new AsyncLocalStorage<Tally>()
  return {
    measure: (store) => countCalls(store, () => current.getStore(), now),
    report: (app) => reportTallies(app, current)
  }
}

function countCalls(store: LoginStore, tally: () => Tally | undefined, now: () => number): LoginStore {
  return new Proxy(store, {
    get: (_, name) => {
      const member: unknown = Reflect.get(store, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const open = tally()
        const call = (): unknown => Reflect.apply(member, store, args)
        return open === undefined ? call() : countCall(open, String(name), call, now)
      }
    }
  })
}

async function countCall(tally: Tally, name: string, call: () => unknown, now: () => number) {
  const startedAt = now()
  tally.calls.push(name)
  try {
    return await call()
  } finally {
    tally.ms += now() - startedAt
  }
}

function reportTallies(app: FastifyInstance, current: AsyncLocalStorage<Tally>): void {
  const tallies = new WeakMap<FastifyRequest, Tally>()
  app.addHook('onRequest', (request, _reply, done) => {
    const tally = { calls: [], ms: 0 }
    tallies.set(request, tally)
    current.run(tally, done)
  })
  // Once more: what follows the parsing of a body runs in the context of the connection.
  app.addHook('preValidation', (request, _reply, done) => current.run(tallies.get(request) as Tally, done))
  app.addHook('onSend', async (request, reply) => {
    const tally = tallies.get(request)
    // The response of another node says itself what it cost.
    if (tally !== undefined && !reply.hasHeader('server-timing'))
      reply.header('server-timing', describe(tally))
  })
}

function describe({ calls, ms }: Tally): string {
  return `store;dur=${ms.toFixed(1)};desc="${calls.length === 0 ? 'not asked' : calls.join(' ')}"`
}
