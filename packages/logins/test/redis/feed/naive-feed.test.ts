import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { formatVerdict, Oracle } from './oracle.ts'
import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'

const LOG = 'test:naive'

/** The oracle is valid only if it detects the faults of a faulty feed. */
t.test('the naive feed', { skip: skipWithoutRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, naivePassesBecause: reason, prepare } of singleScenarios) {
    const title = reason === undefined ? `fails where ${name}` : `passes where ${name}: ${reason}`
    await t.test(title, async (t) => {
      const { servers, inject, stop } = await prepare(LOG)
      t.teardown(stop)
      const verdict = await oracle.judge({ spec: { servers, isNaive: true }, inject })
      t.comment(formatVerdict(verdict))
      const accepted = verdict.violations + verdict.unknownToNewNode
      t.equal(accepted > 0, reason === undefined, 'revoked logins are accepted, by nodes or by a new one')
    })
  }
})
