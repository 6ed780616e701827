const PATH = /^(?:\/[\w.~-]+)+$/

/** A path of plain segments: what Fastify would take as a pattern is none, with no colons and no stars. */
export function isRoutePath(value: unknown): boolean {
  return typeof value === 'string' && PATH.test(value)
}
