import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { noRedis, startRedis } from '../../../packages/logins/test/redis/start-redis.ts'
import { ask } from './ask.ts'
import { type Mint, mintedBy, openMint } from './mint.ts'
import { type Known, Oracle } from './oracle.ts'
import { isReady, type Node, sharedBy, startNodes } from './start-nodes.ts'
import { until } from './until.ts'

if (noRedis) {
  t.plan(0, noRedis)
  process.exit(0)
}

const BOUND_MS = 1000
const HUNG_MS = 2500
const RECOVERY_MS = 10_000
const carriers = ['session', 'token'] as const

/** Nothing that was answered is lost by a kill -9. */
const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
t.teardown(() => redis.stop())
const env = await sharedBy(t, `redis://127.0.0.1:${redis.port}`)
const nodes = await startNodes(t, 2, env)
const mint = await openMint(t, env)

t.test('Redis killed and started again under load: 503 for a while, and nobody is logged out', async (t) => {
  await underLoad(t, async (load) => {
    await redis.kill()
    await load.untilUnavailable()
    await redis.restart()
  })
})

t.test('Redis hung under load: 503 for a while, and nobody is logged out', async (t) => {
  await underLoad(t, async (load) => {
    const frozenAt = performance.now()
    redis.freeze()
    await load.untilUnavailable()
    await until(() => performance.now() - frozenAt > HUNG_MS)
    redis.resume()
  })
})

t.test('while Redis hangs, a log-in does not', async (t) => {
  const [{ url }] = nodes as [Node]
  redis.freeze()
  t.teardown(() => redis.resume())
  for (const carrier of carriers) {
    const logIn = (password: string) =>
      ask(`${url}/${carrier}/login`, { method: 'POST', json: { username: 'user', password } })
    const startedAt = performance.now()
    t.equal((await logIn('wrong')).status, 401, 'attempts are counted in memory meanwhile')
    t.match(await logIn('pass'), { status: 503, headers: { 'retry-after': /^\d+$/ } })
    const tookMs = performance.now() - startedAt
    t.ok(tookMs < 5000, `both answered in ${Math.round(tookMs)} ms`)
  }
})

/** Runs a load on all nodes, lets an outage come and go, and holds every answer against what its client could know. */
async function underLoad(t: Test, outage: (load: Load) => Promise<void>): Promise<void> {
  for (const { url } of nodes) await until(() => isReady(url))
  const load = await Load.start(nodes, mint)
  try {
    await until(() => load.oracle.count(200) > 300)
    await outage(load)
    const endedAt = performance.now()
    await load.untilServed()
    t.comment(`recovered ${Math.round(performance.now() - endedAt)} ms after Redis was back`)
    const before = load.oracle.count(200)
    await until(() => load.oracle.count(200) > before + 300)
  } finally {
    await load.stop()
  }
  await load.checkAll(t)
}

class Load {
  readonly oracle = new Oracle(BOUND_MS)
  readonly #urls: readonly string[]
  /** Of those that nobody ends. */
  readonly #living: Known[] = []
  readonly #leaving: Known[] = []
  readonly #stopped = new AbortController()
  #workers: ReadonlyArray<Promise<void>> = []

  private constructor(all: readonly Node[]) {
    this.#urls = all.map(({ url }) => url)
  }

  static async start(all: readonly Node[], source: Mint): Promise<Load> {
    const load = new Load(all)
    for (const carrier of carriers) {
      for (let made = 0; made < 10; made++) load.#living.push(load.oracle.know(await source.logIn(carrier)))
      for (let made = 0; made < 60; made++) load.#leaving.push(load.oracle.know(await source.logIn(carrier)))
    }
    load.#workers = [
      ...Array.from({ length: 6 }, () => load.#repeat(3, () => load.#askOne())),
      load.#repeat(50, () => load.#endOne()),
      load.#repeat(300, () => load.#logInOne()),
      load.#refreshing((await source.logIn('token')).refreshToken),
      load.#refreshing((await source.logIn('token')).refreshToken)
    ]
    return load
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#workers)
  }

  /** A node goes on by what it holds for as long as the bound, and then answers 503. */
  async untilUnavailable(): Promise<void> {
    const before = this.oracle.count(503)
    await until(() => this.oracle.count(503) > before + 20)
    for (const url of this.#urls) {
      const told = await ask(`${url}/health/ready`)
      if (told.status !== 503) this.oracle.faults.push(`/health/ready is ${told.status} while Redis is away`)
    }
  }

  async untilServed(): Promise<void> {
    for (const url of this.#urls) {
      await until(() => isReady(url), RECOVERY_MS)
      for (const login of this.#living) {
        await until(async () => (await this.oracle.guarded(url, login)) === 200, RECOVERY_MS)
      }
    }
  }

  async checkAll(t: Test): Promise<void> {
    const { oracle } = this
    const ended = this.#leaving.filter(({ state }) => state === 'out')
    for (const url of this.#urls) {
      const living = await Promise.all(this.#living.map((login) => oracle.guarded(url, login)))
      t.same([...new Set(living)], [200], `${living.length} living logins are served`)
      await until(async () => {
        const refused = await Promise.all(ended.map((login) => oracle.guarded(url, login)))
        return refused.every((status) => status === 401)
      }, RECOVERY_MS)
    }
    t.ok(ended.length > 10, `${ended.length} ended ones are refused`)
    t.same(oracle.faults, [])
    t.comment(`answers: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`)
  }

  async #repeat(pauseMs: number, work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await work()
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  async #askOne(): Promise<void> {
    await this.oracle.guarded(this.#anyUrl(), oneOf([...this.#living, ...this.#leaving]))
  }

  /** Whoever is answered 503 logs out once more. */
  async #endOne(): Promise<void> {
    const next = this.#leaving.find(({ state }) => state !== 'out')
    if (next !== undefined) await this.oracle.logOut(this.#anyUrl(), next)
  }

  async #logInOne(): Promise<void> {
    const carrier = oneOf(carriers)
    const told = await this.oracle.logIn(this.#anyUrl(), carrier)
    if (told !== null)
      this.#living.push(this.oracle.know(mintedBy(carrier, told.headers['set-cookie'], told.body)))
  }

  /** One client that refreshes over and over, and shows the same token again when the answer was 503. */
  #refreshing(first: string): Promise<void> {
    let refreshToken = first
    return this.#repeat(30, async () => {
      refreshToken = await this.oracle.refresh(this.#anyUrl(), refreshToken)
    })
  }

  #anyUrl(): string {
    return oneOf(this.#urls)
  }
}

function oneOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T
}
