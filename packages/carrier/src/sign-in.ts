import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { MAX_ADDRESS_LENGTH } from '@drawbridge/logins/carrier'
import type { DeviceInfo } from '@drawbridge/logins'
import { clientAddress } from './client-address.ts'
import type { FailedAccountOutcome } from './outcome-error.ts'
import { busy, type HttpError, invalidCredentials, malformedCredentials, tooManyAttempts } from './errors.ts'

/** What checks the credentials of a sign-in; `createCredentials` makes one. */
export interface CredentialsVerifier {
  verify(
    attempt: SignInBody & { readonly address: string | undefined }
  ): Promise<VerifierOutcome | SecondFactorRequiredOutcome>
  /** Absent where a password is enough for every user. */
  verifySecondFactor?(attempt: {
    readonly userId: string
    readonly response: string
    readonly address: string | undefined
  }): Promise<VerifierOutcome>
  /**
   * Whether a `passwordStamp` of `verify` is of the user's current password, and the user may still sign in by what was verified. Absent where
   * this cannot be checked: a sign-in in flight then survives a change of password.
   */
  isStampCurrent?(stamp: { readonly userId: string; readonly passwordStamp: string }): Promise<boolean>
  /** Changes the password of a user who is signed in. Absent where the credentials cannot. */
  changePassword?(change: {
    readonly userId: string
    readonly currentPassword: string
    readonly newPassword: string
    readonly address: string | undefined
  }): Promise<({ readonly ok: true } & Partial<StampedUser>) | FailedAccountOutcome>
  /**
   * Creates a limit on requests of one address that are no attempts to sign in, counted where those are. Absent where the
   * credentials limit nothing of the kind.
   */
  createAddressThrottle?(limits: {
    readonly name: string
    readonly requestsPerAddress: number
    readonly windowSeconds: number
  }): AddressThrottle
  /** Closes what it has opened. Called when the last application that uses it has stopped. */
  close?(): unknown
  /** False: it is closed by the code that made it. Default true. */
  readonly closeWithApp?: boolean
}

/** A limit on what one address may do. Both methods reject where the store of the counts is down. */
export interface AddressThrottle {
  /** Counts a request, unless the limit rejects it. `address` is undefined where there is none. */
  admit(request: {
    readonly address: string | undefined
  }): Promise<{ readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }>
  /** Takes an admitted request back. */
  refund(request: { readonly address: string | undefined }): Promise<void>
}

type VerifierOutcome = ({ readonly ok: true } & StampedUser) | FailedOutcome

type SecondFactorRequiredOutcome = {
  readonly ok: false
  readonly reason: 'second-factor-required'
} & StampedUser

interface StampedUser {
  readonly user: AuthenticatedUser
  /** Which password was verified. Absent where the verifier has no `isStampCurrent`. */
  readonly passwordStamp?: string | undefined
}

type FailedOutcome =
  | { readonly ok: false; readonly reason: 'malformed'; readonly field?: string }
  | { readonly ok: false; readonly reason: 'invalid-credentials'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'throttled' | 'busy'; readonly retryAfterSeconds: number }

/** A user whose credentials were verified. */
export interface AuthenticatedUser {
  readonly id: string
  readonly username: string
  /** Only a {@link PendingUser} has it. */
  readonly awaitsSecondFactor?: never
  /** Belongs beside the user: see {@link VerifiedSignIn}. */
  readonly passwordStamp?: never
}

/**
 * A user whose password was verified, and whose second factor was not yet. Not an {@link AuthenticatedUser}, also as JSON
 * and in a copy.
 */
export interface PendingUser {
  readonly id: string
  readonly username: string
  readonly awaitsSecondFactor: true
}

/** A sign-in whose credentials were verified just now: an outcome of `credentials.verify` that is `ok` is one. */
export interface VerifiedSignIn extends StampedUser {
  readonly ok?: true
  readonly status?: 'authenticated'
}

/** A sign-in whose password was verified, and that still needs a second factor: so is that outcome of `credentials.verify`. */
export interface PendingSignIn extends StampedUser {
  readonly ok?: boolean
  readonly reason?: 'second-factor-required'
  readonly status?: 'second-factor-required'
}

/** What {@link authenticateUser} resolves to. */
export type SignInOutcome =
  | ({ readonly status: 'authenticated' } & StampedUser)
  | ({ readonly status: 'second-factor-required' } & StampedUser)

const stampedUserEntries = {
  user: v.custom<AuthenticatedUser>(
    (value) => typeof value === 'object' && value !== null,
    'must be a user, { id, username }'
  ),
  passwordStamp: v.optional(v.string('must be a string'))
}

/**
 * Options of a method that takes a {@link VerifiedSignIn}. Strict: under a misspelt name the stamp of the password would
 * never be checked, and an outcome that is not `ok` must sign nobody in.
 */
export const verifiedSignInEntries = {
  ...stampedUserEntries,
  ok: v.optional(v.literal(true, 'must be true')),
  status: v.optional(v.literal('authenticated', 'must be "authenticated"'))
}

/** A user who has authenticated again. */
export interface Reauthentication extends VerifiedSignIn {
  /**
   * True: where the login has a session and a refresh token, only the one that is presented is left, with its new secret. For
   * after a change of password: whoever has copied the presented one may have exchanged it. Default false.
   */
  readonly dropOther?: boolean
}

/** Options of a method that takes a {@link Reauthentication}. */
export const reauthenticationEntries = {
  ...verifiedSignInEntries,
  dropOther: v.optional(v.boolean('must be true or false'), false)
}

const pendingSignInSchema = v.strictObject({
  ...stampedUserEntries,
  ok: v.optional(v.boolean('must be true or false')),
  reason: v.optional(v.literal('second-factor-required', 'must be "second-factor-required"')),
  status: v.optional(v.literal('second-factor-required', 'must be "second-factor-required"'))
})

/** Reads a {@link PendingSignIn}. @throws OptionError */
export function parsePendingSignIn(input: PendingSignIn): StampedUser {
  return parseOptions('pendingLogins.start', pendingSignInSchema, input)
}

/** The body of a sign-in. */
export interface SignInBody {
  readonly username: string
  readonly password: string
}

/** Where a sign-in is verified, and by which name its client sends the username. */
export interface SignInOptions {
  readonly credentials: CredentialsVerifier
  readonly usernameField: string
}

/** Schema of the option `usernameField`: a name that has no meaning of its own in an object. */
export const usernameFieldOption = v.optional(
  v.pipe(
    v.string('must be a string'),
    v.check(
      (name) => /^[a-z]\w{0,63}$/i.test(name) && name !== 'password' && !(name in {}),
      'must be a name like "email", and not "password"'
    )
  ),
  'username'
)

/** JSON Schema of the body of a sign-in. Lengths and characters are for the credentials to check. */
export function createSignInBodySchema(usernameField: string) {
  return {
    type: 'object',
    required: [usernameField, 'password'],
    additionalProperties: false,
    properties: {
      [usernameField]: { type: 'string', minLength: 1 },
      password: { type: 'string', minLength: 1 }
    }
  }
}

/** Reads a body that {@link createSignInBodySchema} describes. */
export function readSignInBody({ body }: FastifyRequest, usernameField: string): SignInBody {
  const { [usernameField]: username = '', password = '' } = body as Readonly<Record<string, string>>
  return { username, password }
}

/**
 * Verifies a username and a password that the client of a request has sent. The attempt is counted against its address.
 *
 * @throws HttpError 400, 401, 429 or 503.
 */
export async function authenticateUser(
  { credentials, usernameField }: SignInOptions,
  request: FastifyRequest,
  { username, password }: SignInBody
): Promise<SignInOutcome> {
  const outcome = await credentials.verify({
    username,
    password,
    address: clientAddress(credentials, request)
  })
  if (!outcome.ok && outcome.reason !== 'second-factor-required') throw toHttpError(outcome, usernameField)
  const { user, passwordStamp } = outcome
  if (outcome.ok) return { status: 'authenticated', user, passwordStamp }
  if (credentials.verifySecondFactor === undefined)
    throw invalidCredentials('a second factor is needed, and the credentials have no verifySecondFactor')
  return { status: 'second-factor-required', user, passwordStamp }
}

/** The error for credentials that are not valid, or were not checked. */
export function toHttpError(failure: FailedOutcome, usernameField?: string): HttpError {
  switch (failure.reason) {
    case 'malformed':
      return malformedCredentials(failure.field, usernameField)
    case 'invalid-credentials':
      return invalidCredentials(failure.detail)
    case 'throttled':
      return tooManyAttempts(failure.retryAfterSeconds)
    case 'busy':
      return busy(failure.retryAfterSeconds)
  }
}

const MAX_USER_AGENT = 256

/** Empty over a Unix socket, where a client has no address. Under `trustProxy` it may be any text. */
function addressFrom({ ip }: { readonly ip: string | undefined }): string {
  return ip?.slice(0, MAX_ADDRESS_LENGTH) ?? ''
}

/** How the user's list of devices describes the client of a request. */
export function deviceFrom(request: FastifyRequest): DeviceInfo {
  return {
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    address: addressFrom(request)
  }
}
