import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { NodeProcess } from './node-process.ts'
import { Load } from './load.ts'
import { openLoginIssuer } from './login-issuer.ts'
import { buildNaiveNode, NAIVE_LOG } from './naive-node.ts'
import { type Environment, sharedEnvironment } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

const BOUND_MS = 1000
const DEADLINE_MS = 10_000
const ROWS = [
  'nothing happens',
  'killed, and restarted with nothing',
  'a replica that lags takes over, its clock 2 s behind'
]

/** An oracle without findings proves something only if it finds the faults of faulty nodes. */
t.test('responses of nodes with the naive feed', { skip: skipWithoutRedis }, async (t) => {
  const away = NodeProcess.start(t)
  for (const { name, naivePassesBecause, prepare } of singleScenarios.filter((row) =>
    ROWS.includes(row.name)
  )) {
    const isBearable = naivePassesBecause !== undefined
    await t.test(`are ${isBearable ? 'right' : 'wrong'} where ${name}`, async (t) => {
      const { servers, inject, stop } = await prepare(NAIVE_LOG)
      t.teardown(stop)
      const env = await sharedEnvironment(t, `redis://127.0.0.1:${servers.ports?.[0]}`)
      const load = await startLoad(t, away, env)
      const servedLate = () =>
        load.oracle.faults.filter((fault) => /^served .* after the log-out/.test(fault))
      try {
        await load.runOn()
        load.oracle.expectLoss(true)
        await inject(away)
        await (isBearable ? load.runOn() : until(() => servedLate().length > 0, DEADLINE_MS))
      } finally {
        await load.stop()
      }
      t.comment(`${servedLate().length} times a revoked login was served beyond the bound`)
      t.equal(servedLate().length > 0, !isBearable)
    })
  }
})

async function startLoad(test: Test, away: NodeProcess, env: Environment): Promise<Load> {
  const urls = [
    await naiveUrl(test, env),
    await naiveUrl(test, env),
    await away.serve(env, { isNaive: true })
  ]
  test.teardown(() => away.stopServing())
  return Load.start({ urls, mint: await openLoginIssuer(test, env), boundMs: BOUND_MS })
}

async function naiveUrl(test: Test, env: Environment): Promise<string> {
  const app = await buildNaiveNode(env)
  test.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}
