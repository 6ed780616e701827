import t from 'tap'
import { quorumScenarios, singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { checkBound } from './check-bound.ts'
import { Oracle } from './oracle.ts'

/** The same bound for nodes that only read, while one node writes. */
t.test('readers of the feed', { skip: skipWithoutRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, prepare, trimsLog = false } of singleScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare()
      t.teardown(stop)
      checkBound(t, await oracle.judge({ spec: { servers, isReadOnly: true }, inject, mayMiss: trimsLog }), {
        trimsLog
      })
    })
  }
  for (const { name, prepare } of quorumScenarios) {
    await t.test(`three logs: ${name}`, async (t) => {
      const { servers, inject, stop } = await prepare()
      t.teardown(stop)
      checkBound(t, await oracle.judge({ spec: { servers, mode: 'quorum', isReadOnly: true }, inject }))
    })
  }
  await t.test('fenced: a failover by Sentinel', async (t) => {
    const sentinel = await startSentinel()
    t.teardown(() => sentinel.stop())
    const spec = { servers: { sentinels: sentinel.sentinels }, mode: 'fenced', isReadOnly: true } as const
    checkBound(t, await oracle.judge({ spec, inject: () => sentinel.failover() }))
  })
})
