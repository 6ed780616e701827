import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logins } from '@drawbridge/logins'
import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { createBenchLogins, newSession } from './bench-logins.ts'

const CONNECTIONS = 10_000
/** The store has replied by then, and two checks have run. */
const CONFIRMED_AFTER_MS = 250

/** A node without requests, with connections that stay open. */
export const connections: Scenario = async (setting) => {
  const { open, close } = await createConnections(await createBenchLogins(setting))
  const url = await Fastify().listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [] },
    methods: { openConnections: open, closeConnections: close }
  }
}

/** Ten thousand logins, and what opens a connection for each of them and closes it. */
export async function createConnections(logins: Logins) {
  const principals = await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, at) => {
      const { id, expiresAt } = await logins.create(newSession(at))
      return { loginId: id, carrier: 'session', expiresAt } as const
    })
  )
  // The sockets, which are there with or without a signal.
  const sockets = principals.map(() => new EventEmitter())
  let signals: readonly AbortSignal[] = []
  return {
    /** @returns how many were opened. */
    open: async (): Promise<number> => {
      signals = principals.map((principal, at) =>
        logins.signalOf(principal, { until: sockets[at] as EventEmitter })
      )
      await wait(CONFIRMED_AFTER_MS)
      if (signals.some(({ aborted }) => aborted)) throw new Error('a connection was closed')
      return signals.length
    },
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.emit('close')
      if (logins.health().openConnections > 0) throw new Error('a connection is still open')
      signals = []
    }
  }
}
