import { objectWithMethods } from '@drawbridge/options'
import * as v from 'valibot'
import type { RedisClient } from './redis-client.ts'

/** The schema of the option `redis`. The first braces of a key decide its slot, so a keyPrefix must have none. */
export const redisClient = v.pipe(
  objectWithMethods<RedisClient>('a client of ioredis', 'duplicate', 'defineCommand'),
  v.check(({ options }) => !/[{}]/.test(String(options?.keyPrefix)), 'must have no braces in its keyPrefix')
)

/** The schema of the option `prefix`. */
export const keyPrefix = v.optional(
  v.pipe(
    v.string('must be a string'),
    v.regex(/^[^{}\s]{1,64}$/, 'must be 1 to 64 characters without braces or spaces')
  ),
  'drawbridge'
)
