import { plainError } from '@drawbridge/options'

/**
 * The store or the feed cannot be reached or is broken; `cause` says how. Nobody's login has ended by it, so a
 * caller answers 503 and never 401. Tell it by its `code`: two copies of this package may be loaded.
 */
export class LoginsUnavailableError extends Error {
  readonly code = 'DRAWBRIDGE_LOGINS_UNAVAILABLE'
  /** As Fastify and others read it of an error: a route that does not catch this one answers 503. */
  readonly statusCode = 503
  readonly headers = { 'retry-after': '1' }

  constructor(cause: unknown) {
    super('the store of logins cannot be reached', { cause: plainError(cause) })
    this.name = 'LoginsUnavailableError'
  }
}
