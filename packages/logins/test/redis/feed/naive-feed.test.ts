import t from 'tap'
import { noRedis } from '../start-redis.ts'
import { figuresOf, Oracle } from './oracle.ts'
import { singleScenarios } from './scenarios.ts'

/** The oracle is worth something only if it finds what is wrong with what is wrong. */
t.test('the naive feed', { skip: noRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const { name, prepare, isTooMuchForNaive = false } of singleScenarios) {
    if (!isTooMuchForNaive && name !== 'nothing happens') continue
    await t.test(`${isTooMuchForNaive ? 'fails' : 'passes'} where ${name}`, async (t) => {
      const { servers, happens, stop } = await prepare()
      t.teardown(stop)
      const verdict = await oracle.judge({ spec: { servers, isNaive: true }, happens })
      t.comment(figuresOf(verdict))
      t.equal(verdict.violations > 0, isTooMuchForNaive)
    })
  }
})
