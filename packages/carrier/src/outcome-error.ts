import {
  busy,
  type HttpError,
  malformedCredentials,
  passwordPolicy,
  tooManyAttempts,
  usernameTaken,
  wrongPassword
} from './errors.ts'

/** An outcome of `register` or `changePassword` of the credentials that is not `ok`. */
export type FailedAccountOutcome =
  | { readonly ok: false; readonly reason: 'malformed'; readonly field?: string }
  | { readonly ok: false; readonly reason: 'policy'; readonly message: string }
  | { readonly ok: false; readonly reason: 'username-taken' }
  | { readonly ok: false; readonly reason: 'invalid-credentials'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'throttled' | 'busy'; readonly retryAfterSeconds: number }

/**
 * For routes of your own: the error to send for an outcome of `credentials.register` or `credentials.changePassword` that is not
 * `ok`: 400, 403, 409, 429 or 503, with Retry-After where the client should try again.
 *
 * @param usernameField what the client calls the username.
 * @example
 * const outcome = await credentials.register({ username, password })
 * if (!outcome.ok) throw outcomeError(outcome)
 */
export function outcomeError(outcome: FailedAccountOutcome, usernameField = 'username'): HttpError {
  switch (outcome.reason) {
    case 'malformed':
      return malformedCredentials(outcome.field, usernameField)
    case 'policy':
      return passwordPolicy(outcome.message)
    case 'username-taken':
      return usernameTaken()
    case 'invalid-credentials':
      return wrongPassword(outcome.detail)
    case 'throttled':
      return tooManyAttempts(outcome.retryAfterSeconds)
    case 'busy':
      return busy(outcome.retryAfterSeconds)
  }
}
