import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkBound } from './check-bound.ts'
import { Oracle } from './oracle.ts'
import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'

t.test('one log', { skip: skipWithoutRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, prepare, trimsLog = false } of singleScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare()
      t.teardown(stop)
      checkBound(t, await oracle.judge({ spec: { servers }, inject, mayMiss: trimsLog }), {
        trimsLog
      })
    })
  }
})
