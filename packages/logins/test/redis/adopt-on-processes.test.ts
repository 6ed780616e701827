import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import t from 'tap'
import { createRedisLoginStore } from '../../src/redis/index.ts'
import { ownScript } from '@drawbridge/test-support/processes/own-script'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const SCRIPT = ownScript(fileURLToPath(new URL('./adopting-process.ts', import.meta.url)))
const PROCESSES = 4
const ROUNDS = 40

async function nextMessage(child: ChildProcess): Promise<readonly string[]> {
  const [outcomes] = (await once(child, 'message')) as [readonly string[]]
  return outcomes
}

t.test(
  '100 adoptions of one old credential by four processes make one login',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
    const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
    t.teardown(() => store.close())
    const children = Array.from({ length: PROCESSES }, () => fork(SCRIPT, [String(server.port)]))
    t.teardown(() => children.forEach((child) => child.disconnect()))
    await Promise.all(children.map(nextMessage))

    const faults: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const userId = `user ${round}`
      const replies = children.map(nextMessage)
      for (const child of children) child.send(userId)
      const outcomes = (await Promise.all(replies)).flat()
      const logins = await store.listByUser(userId)
      const expected = ['adopted', ...Array.from({ length: outcomes.length - 1 }, () => 'existing')]
      const actual = outcomes.toSorted((one, other) => (one < other ? -1 : 1))
      const id = logins[0]?.id
      if (logins.length !== 1 || outcomes.length !== 100) faults.push(`${userId}: ${logins.length} logins`)
      if (actual.join() !== expected.map((kind) => `${kind} ${id}`).join())
        faults.push(`${userId}: ${actual.join()}`)
    }
    t.same(faults, [])
  }
)
