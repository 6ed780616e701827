import t from 'tap'
import { noRedis } from '../start-redis.ts'
import { checkBound } from './check-bound.ts'
import { Oracle } from './oracle.ts'
import { singleScenarios } from './scenarios.ts'

t.test('one log', { skip: noRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, prepare, isThinnedOut = false } of singleScenarios) {
    await t.test(name, async (t) => {
      const { servers, happens, stop } = await prepare()
      t.teardown(stop)
      checkBound(t, await oracle.judge({ spec: { servers }, happens, mayMiss: isThinnedOut }), {
        isThinnedOut
      })
    })
  }
})
