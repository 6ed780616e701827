import { plainError } from '@drawbridge/options'

/**
 * The user store or the throttle's store cannot be reached or is broken; `cause` has the reason. Nothing is known about
 * the credentials, so the response is 503 and never 401. Recognize it by its `code` and not by its class: two copies of
 * this package may be loaded.
 */
export class CredentialsUnavailableError extends Error {
  readonly code = 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
  /** Fastify and others read it from an error: where a route does not catch this one, the response is 503. */
  readonly statusCode = 503
  readonly headers = { 'retry-after': '1' }

  constructor(cause: unknown) {
    // Safe to send: a client gets it as the body of the response.
    super('Service Unavailable', { cause: plainError(cause) })
    this.name = 'CredentialsUnavailableError'
  }
}

/** Runs `work`, which uses a store or a native module; any failure becomes a {@link CredentialsUnavailableError}. */
export async function wrapOutage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new CredentialsUnavailableError(error)
  }
}
