import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import t from 'tap'
import { checkConnections, COUNTS, report } from './check-row.ts'
import { LiveLoad } from './live-load.ts'
import { NodeProcess } from './node-process.ts'

t.test('open connections while something happens to Redis', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  for (const { name, loses, prepare } of singleScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare('drawbridge:{a}:feed')
      t.teardown(stop)
      await checkConnections(t, { nodes, servers, loses, inject })
    })
  }
})

t.test('nodes that never doubt their feed leave connections open', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  const scenario = singleScenarios.find(({ name }) => name === 'killed, and restarted with nothing')
  if (scenario === undefined) throw new Error('there is no such scenario')
  const { servers, inject, stop } = await scenario.prepare('drawbridge:naive')
  t.teardown(stop)
  const load = await LiveLoad.start(nodes, { servers, ...COUNTS, isNaive: true })
  t.teardown(() => load.stop())
  await load.run(() => inject(nodes[2] as NodeProcess), 50)
  const verdict = await load.judge()
  report(t, verdict)
  t.ok(verdict.late + verdict.leftOpen > 0, 'which the oracle finds')
})
