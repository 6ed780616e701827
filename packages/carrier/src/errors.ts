import createError from '@fastify/error'

/*
 * The errors that both carriers send. The message is for the client and has only the class; what happened is in `cause`,
 * for the log. They capture no stack: they are responses, not faults.
 *
 * Fastify copies `headers` of an error to the response; an error handler of the application's own should too.
 */
const defineError = (code: string, message: string, statusCode: number) =>
  createError(code, message, statusCode, Error, false)

const Unauthorized = defineError('DRAWBRIDGE_UNAUTHORIZED', 'Unauthorized', 401)
const InvalidCredentials = defineError('DRAWBRIDGE_INVALID_CREDENTIALS', 'Invalid credentials', 401)
const InvalidClient = defineError('DRAWBRIDGE_INVALID_CLIENT', 'Client authentication failed', 401)
const Reauthenticate = defineError('DRAWBRIDGE_REAUTHENTICATE', 'The user must authenticate again', 401)
const MalformedCredentials = defineError('DRAWBRIDGE_MALFORMED_CREDENTIALS', '%s', 400)
const AmbiguousCredential = defineError('DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', 'Bad Request', 400)
const UnknownOriginal = defineError(
  'DRAWBRIDGE_UNKNOWN_ORIGINAL',
  'The proxy must name the method of the original request',
  400
)
const WrongPassword = defineError('DRAWBRIDGE_WRONG_PASSWORD', 'The current password is wrong', 403)
const PasswordPolicy = defineError('DRAWBRIDGE_PASSWORD_POLICY', '%s', 400)
const UsernameTaken = defineError('DRAWBRIDGE_USERNAME_TAKEN', 'Conflict', 409)
const InsufficientScope = defineError('DRAWBRIDGE_INSUFFICIENT_SCOPE', 'Forbidden', 403)
const KeyNotAllowed = defineError(
  'DRAWBRIDGE_KEY_NOT_ALLOWED',
  'A personal access token may not do this',
  403
)
const TooManyAttempts = defineError('DRAWBRIDGE_TOO_MANY_ATTEMPTS', 'Too Many Requests', 429)
const Busy = defineError('DRAWBRIDGE_BUSY', 'Service Unavailable', 503)
const MisplacedGuard = createError(
  'DRAWBRIDGE_MISPLACED_GUARD',
  'A guard runs at onRequest, preValidation or preHandler',
  500
)

const UnguardedRoute = createError(
  'DRAWBRIDGE_UNGUARDED_ROUTE',
  'A handler needs the principal of a request that no guard has authenticated',
  500
)

type Headers = Readonly<Record<string, string>>

/** A cause without a stack: the place in our code is of no use in the log. */
export function causeFrom(text: string): Error {
  const cause = new Error(text)
  cause.stack = text
  return cause
}

/** An error that Fastify sends as a response, as `@fastify/error` makes it. */
export interface HttpError extends Error {
  readonly code: string
  readonly statusCode?: number
  readonly headers?: Headers
}

const withHeaders = (error: HttpError, headers: Headers): HttpError => Object.assign(error, { headers })

/**
 * 401: no valid credential is presented. One body whatever the cause.
 *
 * @param cause for the log.
 */
export function unauthorized(cause: string, headers: Headers = {}): HttpError {
  return withHeaders(new Unauthorized({ cause: causeFrom(cause) }), headers)
}

/**
 * 401: the login is active, and its user authenticated too long ago for this. The client keeps its credentials: `reauthenticate`
 * renews the same login, and a sign-in makes a new one.
 */
export function reauthenticationRequired(maxAgeSeconds: number, headers: Headers = {}): HttpError {
  const cause = causeFrom(`the user authenticated more than ${maxAgeSeconds} s ago`)
  return withHeaders(new Reauthenticate({ cause }), headers)
}

/** 401: a sign-in failed. One body whatever the cause, which is for the log. */
export function invalidCredentials(cause: string): HttpError {
  return new InvalidCredentials({ cause: causeFrom(cause) })
}

/** 401: a service that asks about tokens has not authenticated (RFC 6749 section 5.2). `cause` is for the log. */
export function invalidClient(cause: string): HttpError {
  const challenge = { 'www-authenticate': 'Basic realm="drawbridge"' }
  return withHeaders(new InvalidClient({ cause: causeFrom(cause) }), challenge)
}

const MALFORMED_MESSAGES: Readonly<Record<string, string>> = {
  username: 'must be 1 to 255 visible characters, with no more than one space between them',
  password: 'must be text, and not too long',
  currentPassword: 'must be text, and not too long',
  newPassword: 'must be text, and not too long',
  response: 'must be text, and not too long'
}

/**
 * 400: a username or password that no account can have, such as ill-formed Unicode. The message names the member, so that a
 * user can correct a typing error; it reveals nothing about any account.
 *
 * @param usernameField what the client calls the username.
 */
export function malformedCredentials(field = '', usernameField = 'username'): HttpError {
  const rule = MALFORMED_MESSAGES[field]
  const name = field === 'username' ? usernameField : field
  return new MalformedCredentials(rule === undefined ? 'Bad Request' : `${name} ${rule}`)
}

/**
 * 403: the login is valid, and the current password that came with a new one is not the user's. Not 401, by which clients drop
 * their login.
 */
export function wrongPassword(cause: string): HttpError {
  return new WrongPassword({ cause: causeFrom(cause) })
}

/** 400: a new password breaks a rule. The message is a sentence for the user. */
export function passwordPolicy(message: string): HttpError {
  return new PasswordPolicy(message)
}

/** 409: another user has the username. */
export function usernameTaken(): HttpError {
  return new UsernameTaken()
}

/** 400: several credentials are presented, and they differ: never silently one of them. `cause` is for the log. */
export function ambiguousCredential(cause: string, headers: Headers = {}): HttpError {
  return withHeaders(new AmbiguousCredential({ cause: causeFrom(cause) }), headers)
}

/** 400: a proxy asks about a request, and this header of its own does not name the method of that. */
export function unknownOriginal(header: string): HttpError {
  return new UnknownOriginal({ cause: causeFrom(`${header} is missing, or is no method`) })
}

/** 403: the login is active and lacks a scope, which is in the log. */
export function insufficientScope(scope: string, headers: Headers = {}): HttpError {
  return withHeaders(new InsufficientScope({ cause: causeFrom(`scope ${scope} is missing`) }), headers)
}

/**
 * 403: the request presents a personal access token, where a user must be signed in: what changes the ways into an account takes
 * no credential that a program has. `cause` is for the log.
 */
export function keyNotAllowed(cause: string): HttpError {
  return new KeyNotAllowed({ cause: causeFrom(cause) })
}

/** 429: an attempt was rejected by a rate limit. */
export function tooManyAttempts(retryAfterSeconds: number): HttpError {
  return withHeaders(new TooManyAttempts(), { 'retry-after': String(retryAfterSeconds) })
}

/** 503: the queue of password hashes is full. */
export function busy(retryAfterSeconds: number): HttpError {
  return withHeaders(new Busy(), { 'retry-after': String(retryAfterSeconds) })
}

/** 500: a fault of the service, whose guard is at a hook where it can no longer reject a request. */
export function misplacedGuard(): HttpError {
  return new MisplacedGuard()
}

/** 500: a fault of the service, whose handler needs a principal, and whose route has no guard or is public. */
export function unguardedRoute(): HttpError {
  return new UnguardedRoute()
}

/* An outage is not in this list: the errors of logins and credentials have a status and headers themselves. */
