import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'

/**
 * The oldest ioredis that the packages support. Its classes have the types of the newest, so that a test can run on
 * either; `pnpm check:pack` compiles the packages against the types of both.
 */
export const ioredis5 = {
  Cluster: Cluster5,
  Redis: Redis5,
  folder: dirname(createRequire(import.meta.url).resolve('ioredis-5'))
} as unknown as {
  readonly Cluster: typeof Cluster
  readonly Redis: typeof Redis
  /** Where its code and its types are. */
  readonly folder: string
}
