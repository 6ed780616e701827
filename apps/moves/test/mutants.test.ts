import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey } from '@drawbridge/token-auth'
import t from 'tap'
import { type Mutant, MUTANTS } from './mutants.ts'
import type { MoveName, Service } from './node.ts'
import { FORBIDDEN } from './oracle.ts'
import type { Load } from './create-world.ts'
import { type Result, runMove } from './run-move.ts'
import { startNodes } from './servers.ts'

/** More is lost and late than in the moves, so that nothing depends on luck. */
const load = { pauseMs: 150, turns: 8, goesOn: (rounds: number) => rounds < 2 }
const LOSS_RATE = 0.5
/** Of the time that a request may take: by so much is one late at most. */
const HOLD_RATE = 0.75

const forbidden = ({ verdicts }: Result) => FORBIDDEN.reduce((sum, each) => sum + verdicts[each], 0)
const surplus = (result: Result) => result.surplus

interface Case {
  readonly move: MoveName
  readonly people: Load['people']
  /** Longer for requests that are late for longer. Default 2. */
  readonly requestTimeoutSeconds?: number
  /** By what it is caught. */
  readonly seen: (result: Result) => number
}

/** A system without records is the harder half. */
const CASES: Readonly<Record<Mutant, Case>> = {
  naive: { move: 'express', people: { browser: 2, leaver: 2 }, seen: forbidden },
  'deletes the old credential': { move: 'flask', people: { browser: 2, leaver: 2 }, seen: forbidden },
  'leads at issue': { move: 'flask', people: { newcomer: 8 }, seen: forbidden },
  // A request is to be overtaken by two others and their responses, also on a busy machine.
  'no grace': {
    move: 'flask',
    people: { 'hasty newcomer': 4 },
    requestTimeoutSeconds: 8,
    seen: forbidden
  },
  'a missing cookie ends': { move: 'flask', people: { 'hasty newcomer': 4 }, seen: forbidden },
  'no ledger': {
    move: 'flask',
    people: { leaver: 4 },
    seen: (result) => result.revived + result.verdicts['after log-out']
  },
  'looks, then inserts': {
    move: 'express',
    people: { browser: 3, 'hasty newcomer': 3 },
    seen: (result) => surplus(result) + forbidden(result)
  },
  'no claim beside': { move: 'flask', people: { browser: 3 }, seen: surplus },
  'old instances left running': { move: 'flask', people: { browser: 2, leaver: 3 }, seen: forbidden }
}

const selected = (process.env['MIGRATION_MUTANTS']?.split(',') as Mutant[] | undefined) ?? MUTANTS

t.test('every rule that is left out is seen', { skip: skipWithoutRedis }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const redisUrl = `redis://127.0.0.1:${redis.port}`
  const keys = [generateSigningKey()]
  const services = selected.map((mutant): Service => {
    const name = mutant.replaceAll(/[ ,]+/g, '-')
    const { move, requestTimeoutSeconds = 2 } = CASES[mutant]
    return { name, move, redisUrl, oldRedisUrl: redisUrl, keys, requestTimeoutSeconds, mutant }
  })
  const nodes = await startNodes(t, services, 2)
  const results = await Promise.all(
    services.map((service) => {
      const { people } = CASES[service.mutant as Mutant]
      const holdMs = HOLD_RATE * service.requestTimeoutSeconds * 1000
      const network = { holdMs, lossRate: LOSS_RATE }
      return runMove(t, service, nodes, { ...load, people, network })
    })
  )
  for (const [at, mutant] of selected.entries()) {
    const result = results[at] as Result
    t.comment(JSON.stringify(result))
    t.ok(CASES[mutant].seen(result) > 0, `${mutant} is seen`)
  }
})
