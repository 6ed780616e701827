import { coldGuardCalls } from './cold-guards.ts'
import { openConnections } from './connections.ts'
import { eightNodes } from './eight-nodes.ts'
import { flood } from './flood.ts'
import { guardCalls } from './guards.ts'
import { scale } from './scale.ts'
import { signIns } from './sign-ins.ts'
import { nodeMemory } from './node-memory.ts'
import { redisMemory } from './redis-memory.ts'
import { verifierLag } from './verifier-lag.ts'
import type { Trial } from './trial.ts'

export const trials: readonly Trial[] = [
  guardCalls,
  coldGuardCalls,
  openConnections,
  signIns,
  flood,
  nodeMemory,
  redisMemory,
  eightNodes,
  verifierLag,
  scale
]
