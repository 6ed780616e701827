import type { Test } from 'tap'
import { newLoginId } from '../../src/login/login.ts'
import { createRedisLoginStore, type RedisClient } from '../../src/redis/index.ts'
import type { RotateOutcome } from '../../src/stores/login-store.ts'
import { sha256, newLogin, NO_LIMIT, presentedToken } from '../../src/testing/store-case.ts'

const LOGINS = 10
const GENERATIONS = 3
const PARALLEL = 100
const RACES = 200
const COMMAND_TIMEOUT_MS = 5000

/** Two nodes, each with a store of its own, change one login at the same time. */
export async function checkTwoNodes(t: Test, redis: RedisClient): Promise<void> {
  const newNode = () => createRedisLoginStore({ redis, commandTimeoutMs: COMMAND_TIMEOUT_MS })
  const [one, other] = [newNode(), newNode()]
  const nodes = [one, other]
  t.teardown(() => Promise.all(nodes.map((node) => node.close())))

  const inserted = async () => {
    const login = newLogin({ userId: newLoginId('user') }, Date.now())
    await one.insert(login, NO_LIMIT)
    return login
  }

  await t.test('of 100 parallel rotations one wins and all get its successor', async (t) => {
    const wrong: string[] = []
    for (let made = 0; made < LOGINS; made++) {
      const { id } = await inserted()
      for (let generation = 0; generation < GENERATIONS; generation++) {
        const calls = Array.from({ length: PARALLEL }, (_, at) => {
          const offered = { nextHash: sha256(`token ${generation + 1}`), nextSealed: `sealed-by-${at}` }
          return (at % 2 === 0 ? one : other).rotate(id, presentedToken(generation, offered))
        })
        const outcomes = await Promise.all(calls)
        const stored = JSON.stringify((await other.find(id))?.refresh)
        const won = outcomes.filter(({ kind }) => kind === 'rotated').length
        const same = outcomes.filter((outcome) => refreshJson(outcome) === stored).length
        if (won !== 1 || same !== PARALLEL)
          wrong.push(`generation ${generation}: ${won} won, ${same} the same`)
      }
    }
    t.same(wrong, [])
  })

  await t.test('200 removals on one node win over rotations on the other', async (t) => {
    const survivors: string[] = []
    for (let race = 0; race < RACES; race++) {
      const { id, userId } = await inserted()
      const operations: Array<() => Promise<unknown>> = [0, 1].map(
        (token) => () => other.rotate(id, presentedToken(token))
      )
      operations.splice(race % 3, 0, () => one.remove(id))
      await Promise.all(operations.map((act) => act()))
      for (const node of nodes) {
        if ((await node.find(id)) !== null) survivors.push(id)
        if ((await node.rotate(id, presentedToken(2))).kind !== 'unknown') survivors.push(id)
        if ((await node.listByUser(userId)).length > 0) survivors.push(id)
      }
    }
    t.same(survivors, [])
  })
}

const refreshJson = (outcome: RotateOutcome): string | undefined =>
  outcome.kind === 'unknown' ? undefined : JSON.stringify(outcome.login.refresh)
