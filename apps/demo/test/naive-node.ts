import { Redis } from 'ioredis'
import type { FastifyInstance } from 'fastify'
import { createNaiveFeed } from '@drawbridge/test-support/feed/naive-feed'
import { buildBareNode } from './bare-node.ts'
import type { Environment } from './start-nodes.ts'

/** The negative control: a node whose feed just continues from its last position and always counts as fresh. */
export async function buildNaiveNode(env: Environment): Promise<FastifyInstance> {
  const client = new Redis(String(env.REDIS_URL), { lazyConnect: true })
  const { app } = await buildBareNode(env, () => createNaiveFeed(client, 'drawbridge'))
  return app
}

export const NAIVE_LOG = 'drawbridge:naive'
