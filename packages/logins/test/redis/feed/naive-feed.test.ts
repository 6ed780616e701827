import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { formatVerdict, Oracle } from './oracle.ts'
import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'

const LOG = 'test:naive'

/** The oracle is worth something only if it finds what is wrong with what is wrong. */
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
      const letIn = verdict.violations + verdict.unknownToNewNode
      t.equal(letIn > 0, reason === undefined, 'ended logins are let in, by nodes or by a new one')
    })
  }
})
