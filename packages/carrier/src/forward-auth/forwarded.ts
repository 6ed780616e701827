/** Global, since two copies of this package may be loaded. */
export const FORWARDED = Symbol.for('drawbridge.forwarded')

/**
 * Whether a request is one that a proxy asks about, and not the one that was sent here. It may lack headers of the client that the
 * proxy does not pass on, and the client gets nothing of the response.
 */
export function isForwarded(request: object): boolean {
  return FORWARDED in request
}
