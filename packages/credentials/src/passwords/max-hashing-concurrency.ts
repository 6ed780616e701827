const LIBUV_DEFAULT = 4
const LIBUV_MAX = 1024

/**
 * How many hashes may be computed at once. libuv has that many threads (`UV_THREADPOOL_SIZE`, 4 by default), and DNS and
 * files use them too: hashes on all of them would keep a store of users, or a Redis, from being found meanwhile. So one is
 * left out.
 */
export function maxHashingConcurrency(environment: NodeJS.ProcessEnv = process.env): number {
  const setting = environment['UV_THREADPOOL_SIZE']
  // As libuv reads it: digits at the beginning, and what is none counts as one thread.
  const size = setting === undefined ? LIBUV_DEFAULT : Number.parseInt(setting, 10) || 1
  return Math.max(1, Math.min(size, LIBUV_MAX) - 1)
}
