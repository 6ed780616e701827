import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import t, { type Test } from 'tap'
import { LiveLoad, percentiles, type Verdict } from './live-load.ts'
import { NodeProcess } from './node-process.ts'

const COUNTS = { leaving: 30, staying: 6 }

t.test('open connections while something happens to Redis', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  for (const { name, loses, prepare } of singleScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare('drawbridge:{a}:feed')
      t.teardown(stop)
      const load = await LiveLoad.start(nodes, servers.ports?.[0] as number, COUNTS)
      t.teardown(() => load.stop())
      await load.run(() => inject(nodes[2] as NodeProcess), 50)
      const verdict = await load.judge()
      report(t, verdict)
      t.equal(verdict.late, 0, 'nothing is sent later than the bound after a log-out')
      t.equal(verdict.leftOpen, 0, 'every connection of a revoked login is closed')
      t.equal(verdict.wronglySignedOut, 0, 'no connection of an active login is closed as after a log-out')
      t.equal(verdict.revoked, COUNTS.leaving)
      if (loses === 'everything') t.ok(verdict.ends['signed-out'], 'and those of logins that are lost')
    })
  }
})

t.test('nodes that never doubt their feed leave connections open', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  const scenario = singleScenarios.find(({ name }) => name === 'killed, and restarted with nothing')
  if (scenario === undefined) throw new Error('there is no such scenario')
  const { servers, inject, stop } = await scenario.prepare('drawbridge:naive')
  t.teardown(stop)
  const load = await LiveLoad.start(nodes, servers.ports?.[0] as number, { ...COUNTS, isNaive: true })
  t.teardown(() => load.stop())
  await load.run(() => inject(nodes[2] as NodeProcess), 50)
  const verdict = await load.judge()
  report(t, verdict)
  t.ok(verdict.late + verdict.leftOpen > 0, 'which the oracle finds')
})

function report(t: Test, { connections, revoked, ends, closedAfterMs }: Verdict): void {
  t.comment(
    `${connections} connections, ${revoked} log-outs: ${JSON.stringify(ends)}; ${percentiles(closedAfterMs)}`
  )
}
