import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PreparedScenario, singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { skipWithoutRedis, startRedis, temporaryFolder } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import {
  type IssuedToken,
  MAX_STALENESS_MS,
  type RedisHouse,
  startRedisHouse,
  untilCovered,
  writeAclFile
} from './start-house.ts'

/** As in the fault matrix of the feed (packages/logins/test/redis/feed/oracle.ts): logins are revoked at this rate. */
const RATE_MS = 25
const SAMPLE_MS = 20
const IN_USE = 60

type Answer = 'active' | 'rejected' | 'unsure'

interface Watched extends IssuedToken {
  /** When its revocation was asked for, and when it was confirmed. */
  revokedAt: number
  confirmedAt: number
}

/** Knows which tokens are of active logins, and presents all of them all the time. */
class Oracle {
  readonly #house: RedisHouse
  readonly #watched: Watched[] = []
  readonly counts: Record<Answer, number> = { active: 0, rejected: 0, unsure: 0 }
  violations = 0
  wronglyRejected = 0
  confirmed = 0
  #isStopped = false

  constructor(house: RedisHouse) {
    this.#house = house
  }

  async issue(): Promise<void> {
    this.#watched.push({ ...(await this.#house.issue()), revokedAt: Infinity, confirmedAt: Infinity })
  }

  /** Revokes one login after the other, and issues one for each, until `stop`. */
  async run(): Promise<void> {
    const publishing: Array<Promise<void>> = []
    const sampling = this.#sample()
    for (let at = 0; !this.#isStopped; at += 1) {
      publishing.push(this.#revoke(this.#watched[at]!))
      await this.issue()
      await sleep(RATE_MS)
    }
    await Promise.all(publishing)
    await sampling
  }

  stop(): void {
    this.#isStopped = true
  }

  /** What all tokens are answered now: those of revoked logins, and those of active ones. */
  async answers(): Promise<{ readonly revoked: ReadonlySet<Answer>; readonly active: ReadonlySet<Answer> }> {
    const answers = await Promise.all(this.#watched.map((each) => this.#present(each)))
    const of = (isRevoked: boolean) =>
      new Set(answers.filter((_, at) => this.#watched[at]!.revokedAt < Infinity === isRevoked))
    return { revoked: of(true), active: of(false) }
  }

  async #revoke(watched: Watched): Promise<void> {
    watched.revokedAt = performance.now()
    try {
      await this.#house.logins.revoke(watched.loginId)
      watched.confirmedAt = performance.now()
      this.confirmed += 1
    } catch {
      // Not confirmed.
    }
  }

  async #sample(): Promise<void> {
    while (!this.#isStopped) {
      await Promise.all(this.#watched.map((each) => this.#present(each)))
      await sleep(SAMPLE_MS)
    }
  }

  async #present(watched: Watched): Promise<Answer> {
    const presentedAt = performance.now()
    const answer = await this.#verify(watched.token)
    this.counts[answer] += 1
    if (answer === 'active' && presentedAt > watched.confirmedAt + MAX_STALENESS_MS) this.violations += 1
    if (answer === 'rejected' && watched.revokedAt === Infinity) this.wronglyRejected += 1
    return answer
  }

  /** Anything but an outage is a failure of the test. */
  async #verify(token: string): Promise<Answer> {
    try {
      return (await this.#house.service.verifier.verify(token)).ok ? 'active' : 'rejected'
    } catch (error) {
      if ((error as { readonly statusCode?: number }).statusCode === 503) return 'unsure'
      throw error
    }
  }
}

/** A fault that the issuer does not have: it goes on to revoke logins, of which the service hears nothing. */
function cutOff(
  name: string,
  cut: (proxy: TcpProxy) => unknown,
  mend: (proxy: TcpProxy) => unknown
): Scenario {
  return {
    name,
    prepare: async (_log, args = []) => {
      const server = await startRedis(...args)
      const proxy = await TcpProxy.start(server.port)
      return {
        servers: { ports: [server.port] },
        readerPort: proxy.port,
        inject: async () => {
          await cut(proxy)
          await sleep(2.5 * MAX_STALENESS_MS)
          await mend(proxy)
          await sleep(500)
        },
        stop: async () => {
          proxy.close()
          await server.stop()
        }
      }
    }
  }
}

interface Scenario {
  readonly name: string
  prepare(
    log?: string,
    more?: readonly string[]
  ): Promise<PreparedScenario & { readonly readerPort?: number }>
}

const scenarios: readonly Scenario[] = [
  ...singleScenarios,
  cutOff(
    'the service is cut off',
    (proxy) => proxy.cut(),
    (proxy) => proxy.resume()
  ),
  cutOff(
    'the connections of the service hang',
    (proxy) => proxy.stopForwarding(),
    (proxy) => proxy.resumeForwarding()
  )
]

async function judge(t: Test, { prepare }: Scenario, introspects: boolean): Promise<void> {
  const folder = temporaryFolder()
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const { servers, readerPort, inject, stop } = await prepare(
    undefined,
    writeAclFile(join(folder, 'users.acl'), 'test')
  )
  t.teardown(stop)
  const [port] = servers.ports as [number]
  const house = await startRedisHouse(t, {
    port,
    ...(readerPort && { readerPort }),
    prefix: 'test',
    introspects
  })
  await untilCovered(house)
  const oracle = new Oracle(house)
  for (let made = 0; made < IN_USE; made += 1) await oracle.issue()
  const load = oracle.run()
  await until(() => oracle.confirmed > 10 && oracle.counts.active > 100 && oracle.counts.rejected > 10)
  await inject({ stop: () => {}, resume: () => {} })
  oracle.stop()
  await load
  t.comment(JSON.stringify({ ...oracle.counts, confirmed: oracle.confirmed }))
  t.equal(
    oracle.violations,
    0,
    'no login is accepted whose revocation was confirmed longer ago than the bound'
  )
  t.equal(oracle.wronglyRejected, 0, 'an outage is never a 401')
  await until(() =>
    house.service.verifier.ping().then(
      () => true,
      () => false
    )
  )
  await until(async () => !(await oracle.answers()).revoked.has('active'))
  const { active } = await oracle.answers()
  if (introspects) t.strictSame(active, new Set(['active']), 'every active login is served again')
  else t.notOk(active.has('rejected'), 'no active login is rejected')
}

for (const introspects of [false, true]) {
  const answers = introspects ? 'which asks its issuer' : 'without introspection'
  t.test(`V13 faults of the feed of a service ${answers}`, { skip: skipWithoutRedis }, async (t) => {
    for (const scenario of scenarios) await t.test(scenario.name, (t) => judge(t, scenario, introspects))
  })
}
