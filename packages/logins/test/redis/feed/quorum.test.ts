import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkBound } from './check-bound.ts'
import { Oracle } from './oracle.ts'
import { quorumScenarios } from '@drawbridge/test-support/feed/fault-scenarios'

/** Below the 2.5 s for which one of them hangs: a publisher that waited for all three would fail. */
const publishTimeoutMs = 2000

t.test('three logs on three servers', { skip: skipWithoutRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, prepare } of quorumScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare()
      t.teardown(stop)
      const verdict = await oracle.judge({ spec: { servers, mode: 'quorum', publishTimeoutMs }, inject })
      checkBound(t, verdict)
      t.equal(verdict.unconfirmed, 0, 'two of three logs are enough to confirm a revocation')
    })
  }
})
