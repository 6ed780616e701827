import type { FastifyRequest } from 'fastify'
import type { Device } from '../login.ts'
import { busy, invalidCredentials, malformedCredentials, orUnavailable, tooManyAttempts } from './errors.ts'

/** What a log-in route asks of whoever checks credentials; `createCredentials` makes one. */
export interface CredentialsVerifier {
  verify(attempt: LogInBody & { readonly address: string }): Promise<VerifierOutcome>
}

type VerifierOutcome =
  | { readonly ok: true; readonly user: ProvenUser }
  | { readonly ok: false; readonly reason: 'malformed' }
  | { readonly ok: false; readonly reason: 'rejected'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'throttled' | 'busy'; readonly retryAfterSeconds: number }

export interface ProvenUser {
  readonly id: string
  readonly username: string
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

/** The user whose credentials the body shows; otherwise throws the answer: 400, 401, 429 or 503. */
export async function proveUser(
  credentials: CredentialsVerifier,
  request: FastifyRequest<{ Body: LogInBody }>
): Promise<ProvenUser> {
  const { username, password } = request.body
  const outcome = await orUnavailable(credentials.verify({ username, password, address: request.ip }))
  if (outcome.ok) return outcome.user
  switch (outcome.reason) {
    case 'malformed':
      throw malformedCredentials()
    case 'rejected':
      throw invalidCredentials(outcome.detail)
    case 'throttled':
      throw tooManyAttempts(outcome.retryAfterSeconds)
    case 'busy':
      throw busy(outcome.retryAfterSeconds)
  }
}

const MAX_USER_AGENT = 256

/** What the list of a user's devices will show of this one. */
export function deviceOf(request: FastifyRequest): Device {
  return { userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT), address: request.ip }
}
