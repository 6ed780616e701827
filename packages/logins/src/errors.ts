import { plainError } from '@drawbridge/options'

/**
 * The store or the feed is unreachable or broken, or `getClaims` fails; `cause` says how. No login was revoked by this, so the
 * response is 503 and never 401. Identify it by its `code`: two copies of this package may be loaded.
 */
export class LoginsUnavailableError extends Error {
  readonly code = 'DRAWBRIDGE_LOGINS_UNAVAILABLE'
  /** Fastify reads this from an error: a route that does not catch it responds with 503. */
  readonly statusCode = 503
  /** Fastify sends these with the response (RFC 9110 section 10.2.3). */
  readonly headers = { 'retry-after': '1' }

  /** @param cause what the store or the feed threw; its members are copied without secrets. */
  constructor(cause: unknown) {
    // Safe to send: a client gets it as the body of the response.
    super('Service Unavailable', { cause: plainError(cause) })
    this.name = 'LoginsUnavailableError'
  }
}

/**
 * Runs `work` and waits for it; any failure becomes a LoginsUnavailableError. It takes a function, not a promise: a store or
 * feed of the service may throw before it returns one.
 */
export async function wrapOutage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new LoginsUnavailableError(error)
  }
}

/** Why the signal of a connection has aborted. */
export type InactiveLoginCode =
  | 'DRAWBRIDGE_LOGIN_REVOKED'
  | 'DRAWBRIDGE_LOGIN_EXPIRED'
  | 'DRAWBRIDGE_LOGIN_UNCONFIRMED'

/**
 * The reason of an aborted signal of `logins.signalOf`. Identify it by its `code`: two copies of this package may be loaded.
 *
 * - `DRAWBRIDGE_LOGIN_REVOKED`: a log-out, on whichever node.
 * - `DRAWBRIDGE_LOGIN_EXPIRED`: the login, its idle timeout, or what the connection was opened by.
 * - `DRAWBRIDGE_LOGIN_UNCONFIRMED`: this node cannot find out in time whether the login is active. Nobody was logged out by this.
 */
export class InactiveLoginError extends Error {
  readonly code: InactiveLoginCode
  /** Fastify reads this from an error: a route that does not catch it responds with it. */
  readonly statusCode: 401 | 503

  constructor(code: InactiveLoginCode) {
    const isUnconfirmed = code === 'DRAWBRIDGE_LOGIN_UNCONFIRMED'
    super(isUnconfirmed ? 'Service Unavailable' : 'Unauthorized')
    this.name = 'InactiveLoginError'
    this.code = code
    this.statusCode = isUnconfirmed ? 503 : 401
  }
}
