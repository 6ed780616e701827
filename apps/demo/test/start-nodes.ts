import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { sendRequest } from './ask.ts'
import { buildDemo } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

/** An instance of the service in this process; instances share their stores. */
export interface Node {
  readonly app: FastifyInstance
  readonly url: string
}

export type Environment = Readonly<Record<string, string>>

/** The environment shared by the nodes of one service. */
export async function sharedEnvironment(
  t: Test,
  redisUrl: string,
  env: Environment = {}
): Promise<Environment> {
  return {
    DATA_DIR: await makeDataDir(t),
    REDIS_URL: redisUrl,
    LOGIN_ATTEMPTS_PER_ACCOUNT: '100',
    LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
    ...env
  }
}

/** Starts several nodes in this process. Resolves once each is listening and ready. */
export async function startNodes(t: Test, count: number, env: Environment): Promise<readonly Node[]> {
  const nodes: Node[] = []
  for (let created = 0; created < count; created++) {
    const app = await buildDemo(t, env)
    await app.listen({ host: '127.0.0.1', port: 0 })
    nodes.push({ app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` })
  }
  for (const { url } of nodes) await until(() => isReady(url))
  return nodes
}

export async function isReady(url: string): Promise<boolean> {
  return (await sendRequest(`${url}/health/ready`)).status === 200
}
