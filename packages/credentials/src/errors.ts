import { plainError } from '@drawbridge/options'

/**
 * The user store or the throttle's store cannot be reached or is broken; `cause` says how. Nothing is known about
 * the credentials, so a caller answers 503 and never 401. Tell it by its `code`: two copies of this package may
 * be loaded.
 */
export class CredentialsUnavailableError extends Error {
  readonly code = 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
  /** As Fastify and others read it of an error: a route that does not catch this one answers 503. */
  readonly statusCode = 503
  readonly headers = { 'retry-after': '1' }

  constructor(cause: unknown) {
    super('credentials cannot be checked now', { cause: plainError(cause) })
    this.name = 'CredentialsUnavailableError'
  }
}

/** Does what must work for any answer to be given, and waits for it: a store, a native module. */
export async function wrapOutage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new CredentialsUnavailableError(error)
  }
}
