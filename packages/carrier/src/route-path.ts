const PATH = /^(?:\/[\w.~-]+)+$/

/** Whether a value is a path of plain segments, without colons and stars, which Fastify reads as a pattern. */
export function isRoutePath(value: unknown): boolean {
  return typeof value === 'string' && PATH.test(value)
}
