import type { FastifyRequest } from 'fastify'
import { MAX_ADDRESS } from '../check-new-login.ts'
import type { Device } from '../login.ts'
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
  verify(attempt: LogInBody & { readonly address: string | undefined }): Promise<Proof | SecondFactorNeeded>
  /** Absent where a password is enough for everybody. */
  verifySecondFactor?(attempt: {
    readonly userId: string
    readonly response: string
    readonly address: string | undefined
  }): Promise<Proof>
  /**
   * Whether a `proof` of `verify` is still of the password that stands, and the user still let in. Absent where that
   * cannot be asked: a log-in in flight then outlives a change of password.
   */
  stillHolds?(earlier: { readonly userId: string; readonly proof: string }): Promise<boolean>
}

/** What was shown, and whether it holds. */
type Proof = ({ readonly ok: true } & Shown) | Refused

type SecondFactorNeeded = { readonly ok: false; readonly reason: 'second-factor' } & Shown

interface Shown {
  readonly user: ProvenUser
  readonly proof?: string
}

type Refused =
  | { readonly ok: false; readonly reason: 'malformed'; readonly field?: string }
  | { readonly ok: false; readonly reason: 'rejected'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'throttled' | 'busy'; readonly retryAfterSeconds: number }

export interface ProvenUser {
  readonly id: string
  readonly username: string
  /** Of `verify`: asked about once the login is written. Absent where nobody can be asked. */
  readonly proof?: string | undefined
  /** That of a {@link PendingUser}, whom nothing logs in. */
  readonly awaitsSecondFactor?: never
}

/** Whose password was proven, and whose second factor was not yet. Not a {@link ProvenUser}, also as JSON and in a copy. */
export interface PendingUser {
  readonly id: string
  readonly username: string
  readonly awaitsSecondFactor: true
}

export interface LogInBody {
  readonly username: string
  readonly password: string
}

/** JSON Schema of the body of a log-in. Lengths and characters are for the credentials to judge. */
export const logInBody = {
  type: 'object',
  required: ['username', 'password'],
  additionalProperties: false,
  properties: {
    username: { type: 'string', minLength: 1 },
    password: { type: 'string', minLength: 1 }
  }
} as const

/** The password is this user's, and by itself not enough. Not a {@link ProvenUser}: nothing logs this one in. */
export interface LacksSecondFactor {
  readonly lacksSecondFactor: ProvenUser
}

/** The user whose credentials the body shows; otherwise throws the answer: 400, 401, 429 or 503. */
export async function proveUser(
  credentials: CredentialsVerifier,
  request: FastifyRequest<{ Body: LogInBody }>
): Promise<ProvenUser | LacksSecondFactor> {
  const { username, password } = request.body
  const outcome = await orUnavailable(
    credentials.verify({ username, password, address: clientAddress(credentials, request) })
  )
  if (outcome.ok) return provenBy(outcome)
  if (outcome.reason !== 'second-factor') throw refusalOf(outcome)
  if (credentials.verifySecondFactor === undefined)
    throw invalidCredentials('a second factor is needed, and the credentials have no verifySecondFactor')
  return { lacksSecondFactor: provenBy(outcome) }
}

function provenBy({ user, proof }: Shown): ProvenUser {
  return proof === undefined ? user : { ...user, proof }
}

/** The answer to credentials that do not hold. */
export function refusalOf(refused: Refused): HttpError {
  switch (refused.reason) {
    case 'malformed':
      return malformedCredentials(refused.field)
    case 'rejected':
      return invalidCredentials(refused.detail)
    case 'throttled':
      return tooManyAttempts(refused.retryAfterSeconds)
    case 'busy':
      return busy(refused.retryAfterSeconds)
  }
}

const MAX_USER_AGENT = 256

/** Where a request comes from; empty over a Unix socket, where nobody has an address. Under `trustProxy` it may be any text. */
function addressOf({ ip }: { readonly ip: string | undefined }): string {
  return ip?.slice(0, MAX_ADDRESS) ?? ''
}

/** What the list of a user's devices will show of this one. */
export function deviceOf(request: FastifyRequest): Device {
  return {
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    address: addressOf(request)
  }
}
