import type { FastifyRequest } from 'fastify'
import { MAX_ADDRESS_LENGTH } from '@drawbridge/logins/carrier'
import type { DeviceInfo } from '@drawbridge/logins'
import { clientAddress } from './client-address.ts'
import {
  busy,
  type HttpError,
  invalidCredentials,
  malformedCredentials,
  orUnavailable,
  tooManyAttempts
} from './errors.ts'

/** What a log-in route asks of whoever checks credentials; `createCredentials` makes one. */
export interface CredentialsVerifier {
  verify(
    attempt: SignInBody & { readonly address: string | undefined }
  ): Promise<VerifierOutcome | SecondFactorRequiredOutcome>
  /** Absent where a password is enough for everybody. */
  verifySecondFactor?(attempt: {
    readonly userId: string
    readonly response: string
    readonly address: string | undefined
  }): Promise<VerifierOutcome>
  /**
   * Whether a `proof` of `verify` is still of the password that stands, and the user still let in. Absent where that
   * cannot be asked: a log-in in flight then outlives a change of password.
   */
  isStampCurrent?(stamp: { readonly userId: string; readonly passwordStamp: string }): Promise<boolean>
}

/** What was shown, and whether it holds. */
type VerifierOutcome = ({ readonly ok: true } & VerifiedUser) | FailedOutcome

type SecondFactorRequiredOutcome = {
  readonly ok: false
  readonly reason: 'second-factor-required'
} & VerifiedUser

interface VerifiedUser {
  readonly user: AuthenticatedUser
  readonly passwordStamp?: string
}

type FailedOutcome =
  | { readonly ok: false; readonly reason: 'malformed'; readonly field?: string }
  | { readonly ok: false; readonly reason: 'invalid-credentials'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'throttled' | 'busy'; readonly retryAfterSeconds: number }

export interface AuthenticatedUser {
  readonly id: string
  readonly username: string
  /** Of `verify`: asked about once the login is written. Absent where nobody can be asked. */
  readonly passwordStamp?: string | undefined
  /** That of a {@link PendingUser}, whom nothing logs in. */
  readonly awaitsSecondFactor?: never
}

/** Whose password was proven, and whose second factor was not yet. Not a {@link AuthenticatedUser}, also as JSON and in a copy. */
export interface PendingUser {
  readonly id: string
  readonly username: string
  readonly awaitsSecondFactor: true
}

export interface SignInBody {
  readonly username: string
  readonly password: string
}

/** JSON Schema of the body of a log-in. Lengths and characters are for the credentials to judge. */
export const signInBodySchema = {
  type: 'object',
  required: ['username', 'password'],
  additionalProperties: false,
  properties: {
    username: { type: 'string', minLength: 1 },
    password: { type: 'string', minLength: 1 }
  }
} as const

/** The password is this user's, and by itself not enough. Not a {@link AuthenticatedUser}: nothing logs this one in. */
export interface SecondFactorRequired {
  readonly lacksSecondFactor: AuthenticatedUser
}

/** The user whose credentials the body shows; otherwise throws the answer: 400, 401, 429 or 503. */
export async function authenticateUser(
  credentials: CredentialsVerifier,
  request: FastifyRequest<{ Body: SignInBody }>
): Promise<AuthenticatedUser | SecondFactorRequired> {
  const { username, password } = request.body
  const outcome = await orUnavailable(
    credentials.verify({ username, password, address: clientAddress(credentials, request) })
  )
  if (outcome.ok) return toAuthenticatedUser(outcome)
  if (outcome.reason !== 'second-factor-required') throw toHttpError(outcome)
  if (credentials.verifySecondFactor === undefined)
    throw invalidCredentials('a second factor is needed, and the credentials have no verifySecondFactor')
  return { lacksSecondFactor: toAuthenticatedUser(outcome) }
}

function toAuthenticatedUser({ user, passwordStamp }: VerifiedUser): AuthenticatedUser {
  return passwordStamp === undefined ? user : { ...user, passwordStamp }
}

/** The answer to credentials that do not hold. */
export function toHttpError(failure: FailedOutcome): HttpError {
  switch (failure.reason) {
    case 'malformed':
      return malformedCredentials(failure.field)
    case 'invalid-credentials':
      return invalidCredentials(failure.detail)
    case 'throttled':
      return tooManyAttempts(failure.retryAfterSeconds)
    case 'busy':
      return busy(failure.retryAfterSeconds)
  }
}

const MAX_USER_AGENT = 256

/** Where a request comes from; empty over a Unix socket, where nobody has an address. Under `trustProxy` it may be any text. */
function addressFrom({ ip }: { readonly ip: string | undefined }): string {
  return ip?.slice(0, MAX_ADDRESS_LENGTH) ?? ''
}

/** What the list of a user's devices will show of this one. */
export function deviceFrom(request: FastifyRequest): DeviceInfo {
  return {
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    address: addressFrom(request)
  }
}
