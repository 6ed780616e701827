import createError from '@fastify/error'

/*
 * What the two carriers answer alike. The message is for the client and tells only the class; what happened is in
 * `cause`, which the log shows. None of them captures its own stack: they are answers, not faults.
 *
 * Fastify copies `headers` of an error to the answer; an error handler of the application's own should too.
 */
const defineError = (code: string, message: string, statusCode: number) =>
  createError(code, message, statusCode, Error, false)

const Unauthorized = defineError('DRAWBRIDGE_UNAUTHORIZED', 'Unauthorized', 401)
const InvalidCredentials = defineError('DRAWBRIDGE_INVALID_CREDENTIALS', 'Invalid credentials', 401)
const MalformedCredentials = defineError('DRAWBRIDGE_MALFORMED_CREDENTIALS', '%s', 400)
const AmbiguousCredential = defineError('DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', 'Bad Request', 400)
const InsufficientScope = defineError('DRAWBRIDGE_INSUFFICIENT_SCOPE', 'Forbidden', 403)
const TooManyAttempts = defineError('DRAWBRIDGE_TOO_MANY_ATTEMPTS', 'Too Many Requests', 429)
const Busy = defineError('DRAWBRIDGE_BUSY', 'Service Unavailable', 503)
const MisplacedGuard = createError(
  'DRAWBRIDGE_MISPLACED_GUARD',
  'A guard runs at onRequest, preValidation or preHandler',
  500
)

type Headers = Readonly<Record<string, string>>

/** A cause without a stack: where in our code it was found out helps nobody who reads the log. */
export function causeFrom(text: string): Error {
  const cause = new Error(text)
  cause.stack = text
  return cause
}

/** An error that Fastify answers with, as `@fastify/error` makes it. */
export interface HttpError extends Error {
  readonly code: string
  readonly statusCode?: number
  readonly headers?: Headers
}

const withHeaders = (error: HttpError, headers: Headers): HttpError => Object.assign(error, { headers })

/** No credential is shown, or one that does not hold. One body whatever the cause. */
export function unauthorized(cause: string, headers: Headers = {}): HttpError {
  return withHeaders(new Unauthorized({ cause: causeFrom(cause) }), headers)
}

/** A log-in failed. One body whatever the cause. */
export function invalidCredentials(cause: string): HttpError {
  return new InvalidCredentials({ cause: causeFrom(cause) })
}

const MALFORMED_MESSAGES: Readonly<Record<string, string>> = {
  username: 'username must be 1 to 255 visible characters, with no more than one space between them',
  password: 'password must be text, and not too long',
  response: 'response must be text, and not too long'
}

/**
 * A username or password that no account could have, such as ill-formed Unicode. Says of which member that is true, which
 * tells nothing of any account: whoever mistypes a name cannot help themselves otherwise.
 */
export function malformedCredentials(field = ''): HttpError {
  return new MalformedCredentials(MALFORMED_MESSAGES[field] ?? 'Bad Request')
}

/** More than one credential is shown, and they differ: never silently one of them. */
export function ambiguousCredential(cause: string, headers: Headers = {}): HttpError {
  return withHeaders(new AmbiguousCredential({ cause: causeFrom(cause) }), headers)
}

/** The login holds, but not for this. */
export function insufficientScope(scope: string, headers: Headers = {}): HttpError {
  return withHeaders(new InsufficientScope({ cause: causeFrom(`scope ${scope} is missing`) }), headers)
}

export function tooManyAttempts(retryAfterSeconds: number): HttpError {
  return withHeaders(new TooManyAttempts(), { 'retry-after': String(retryAfterSeconds) })
}

/** Too much is waiting to be hashed. */
export function busy(retryAfterSeconds: number): HttpError {
  return withHeaders(new Busy(), { 'retry-after': String(retryAfterSeconds) })
}

/** A fault of the service: the guard was added where it can no longer refuse anything. */
export function misplacedGuard(): HttpError {
  return new MisplacedGuard()
}

/* An outage is no error of this list: those of logins and credentials have status and headers of their own. */
