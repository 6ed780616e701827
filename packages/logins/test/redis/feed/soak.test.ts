import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import {
  skipWithoutRedis,
  type RedisProcess,
  startRedis,
  runCommand
} from '@drawbridge/test-support/servers/redis'
import { checkBound } from './check-bound.ts'
import { Oracle } from './oracle.ts'
import type { Away } from '@drawbridge/test-support/feed/fault-scenarios'

const SECONDS = Number(process.env.SOAK_SECONDS ?? 60)
/**
 * The same seed each time, unless one is given, so that a new failure of the suite differs from an old one.
 */
const SEED = Number(process.env.SEED ?? 156_161_514)
/**
 * Faults on two logs closer together than the staleness bound count as simultaneous: the quorum tolerates
 * one.
 */
const GAP_MS = 2200

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Fault = (server: RedisProcess, ms: number) => Promise<unknown>

const faults: Readonly<Record<string, Fault>> = {
  kill: async (server, ms) => {
    await server.kill()
    await sleep(ms / 4)
    await server.restart()
  },
  freeze: async (server, ms) => {
    server.freeze()
    await sleep(ms)
    server.resume()
  },
  flush: ({ port }) => runCommand(port, (client) => client.flushall()),
  delete: ({ port }) =>
    runCommand(port, (client) => client.del('test:{a}:feed', 'test:{b}:feed', 'test:{c}:feed')),
  forget: ({ port }) =>
    runCommand(port, (client) => client.del('test:{a}:epoch', 'test:{b}:epoch', 'test:{c}:epoch')),
  trim: ({ port }) =>
    runCommand(port, async (client) => {
      for (const tag of ['a', 'b', 'c']) await client.xtrim(`test:{${tag}}:feed`, 'MAXLEN', 1)
    }),
  cut: ({ port }) => runCommand(port, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal'))
}

/** Injects random faults for half of the time; nodes are stopped and resumed meanwhile. */
async function injectFaults(
  servers: readonly RedisProcess[],
  away: Away,
  random: () => number
): Promise<string[]> {
  const done: string[] = []
  const end = performance.now() + (SECONDS * 1000) / 2
  const isApart = servers.length > 1
  while (performance.now() < end) {
    const names = Object.keys(faults)
    const name = names[Math.floor(random() * names.length)] as string
    const at = Math.floor(random() * servers.length)
    const isAway = random() < 0.4
    const ms = 100 + random() * 1500
    done.push(`${name}@${at}${isAway ? ' (away)' : ''}`)
    if (isAway) away.stop()
    await sleep(random() * 400)
    await faults[name]?.(servers[at] as RedisProcess, ms)
    await sleep(random() * 400)
    away.resume()
    await sleep(isApart ? GAP_MS : random() * 1500)
  }
  return done
}

t.test('random faults', { skip: skipWithoutRedis }, async (t) => {
  t.comment(`SEED=${SEED} SOAK_SECONDS=${SECONDS}`)
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const [mode, count] of [
    ['single', 1],
    ['quorum', 3]
  ] as const) {
    await t.test(mode, async (t) => {
      const servers = await Promise.all(Array.from({ length: count }, () => startRedis()))
      t.teardown(() => Promise.all(servers.map((server) => server.stop())))
      const spec = { servers: { ports: servers.map(({ port }) => port) }, mode }
      const inject = async (away: Away) => {
        t.comment((await injectFaults(servers, away, seeded(SEED))).join(', '))
      }
      const trimsLog = mode === 'single'
      checkBound(t, await oracle.judge({ spec, inject, mayMiss: trimsLog }), { trimsLog })
    })
  }
})
