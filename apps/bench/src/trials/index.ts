import { coldGuardCalls } from './cold-guards.ts'
import { eightNodes } from './eight-nodes.ts'
import { flood } from './flood.ts'
import { guardCalls } from './guards.ts'
import { signIns } from './sign-ins.ts'
import { nodeMemory } from './node-memory.ts'
import { redisMemory } from './redis-memory.ts'
import type { Trial } from './trial.ts'

export const trials: readonly Trial[] = [
  guardCalls,
  coldGuardCalls,
  signIns,
  flood,
  nodeMemory,
  redisMemory,
  eightNodes
]
