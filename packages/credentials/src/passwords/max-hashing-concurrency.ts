const LIBUV_DEFAULT = 4
const LIBUV_MAX = 1024

/**
 * How many hashes may be computed at the same time: one less than libuv has threads (`UV_THREADPOOL_SIZE`, 4 by
 * default). DNS and file access use the same threads: with hashes on all of them, the host name of the user store or of
 * Redis could not be resolved meanwhile.
 */
export function maxHashingConcurrency(environment: NodeJS.ProcessEnv = process.env): number {
  const setting = environment['UV_THREADPOOL_SIZE']
  // As libuv parses it: leading digits; anything else counts as one thread.
  const size = setting === undefined ? LIBUV_DEFAULT : Number.parseInt(setting, 10) || 1
  return Math.max(1, Math.min(size, LIBUV_MAX) - 1)
}
