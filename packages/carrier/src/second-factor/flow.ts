import type { FastifyRequest } from 'fastify'
import type { Login } from '@drawbridge/logins'
import type { Logins } from '@drawbridge/logins'
import { clientAddress } from '../client-address.ts'
import { invalidCredentials, orUnavailable } from '../errors.ts'
import {
  type CredentialsVerifier,
  deviceFrom,
  type PendingUser,
  type AuthenticatedUser,
  toHttpError
} from '../sign-in.ts'
import { createTicketSecret, TicketCodec, hashTicketSecret } from './ticket.ts'
import { createLoginForUser } from '../create-login.ts'

/** What a log-in is answered with, by 202, where a second factor is still to come. */
export interface SecondFactorRequiredResponse {
  readonly message: string
  /** The ticket, for whoever completes the log-in. */
  readonly pending: string
  /** Seconds that it is good for. */
  readonly expires_in: number
}

export interface SecondFactorBody {
  /** The ticket of the pending login. */
  readonly pending: string
  /** What the service's `secondFactor.verify` is to judge. */
  readonly response: string
}

/**
 * Log-ins that wait for a second factor. Each is a record in the store that nothing carries, so that no guard can take
 * it for a login, and all that ends the logins of a user ends it too.
 */
export interface SecondFactorFlow {
  /** For a user whose password was proven just now. Sets nothing and ends nothing; throws the 401 or 503 to answer with. */
  start(request: FastifyRequest, user: AuthenticatedUser): Promise<SecondFactorRequiredResponse>
  /**
   * Whose pending login a ticket is of, for what comes in between, such as sending a code. Nothing logs
   * this one in. Null where the ticket does not hold.
   */
  findUser(ticket: string): Promise<PendingUser | null>
  /**
   * The user whose second factor is right, of one call for a ticket; otherwise throws the answer: 400, 401, 429 or 503.
   * A wrong response leaves the ticket as it is; how many there may be is for the throttle of the credentials to say.
   */
  complete(request: FastifyRequest, body: SecondFactorBody): Promise<AuthenticatedUser>
}

export interface SecondFactorFlowOptions {
  readonly credentials: CredentialsVerifier
  readonly logins: Pick<Logins, 'create' | 'resolvePending' | 'revoke' | 'consumePending'>
  /** Root secrets. */
  readonly secrets: readonly string[]
  /** The carrier, and which instance of it: a ticket of one is none of another. */
  readonly identity: string
  readonly secondFactorTimeoutSeconds: number
}

/** JSON Schema of a {@link SecondFactorBody}. Lengths and characters are for the credentials to judge. */
export const secondFactorBodySchema = {
  type: 'object',
  required: ['pending', 'response'],
  additionalProperties: false,
  properties: {
    pending: { type: 'string', minLength: 1 },
    response: { type: 'string', minLength: 1 }
  }
} as const

/** JSON Schema of a {@link SecondFactorRequiredResponse}. */
export const secondFactorRequiredSchema = {
  description: 'The password is right, and a second factor is needed: show it with `pending`.',
  type: 'object',
  required: ['message', 'pending', 'expires_in'],
  properties: {
    message: { type: 'string' },
    pending: { type: 'string', description: 'A ticket, `drbp_…`, good for one log-in.' },
    expires_in: { type: 'integer', description: 'Seconds that it is good for.' }
  }
} as const

export function createSecondFactorFlow(options: SecondFactorFlowOptions): SecondFactorFlow {
  const { logins, secrets, identity, secondFactorTimeoutSeconds } = options
  const tickets = new TicketCodec(secrets, identity)
  const findLogin = async (ticket: string): Promise<Login | null> => {
    const decoded = tickets.decode(ticket)
    if (decoded === null) return null
    const login = await orUnavailable(logins.resolvePending(decoded.loginId))
    return login?.data['ticketHash'] === hashTicketSecret(decoded.secret) ? login : null
  }
  return Object.freeze({
    start: async (request: FastifyRequest, user: AuthenticatedUser) => {
      const limits = { idleTimeoutSeconds: 0, absoluteTimeoutSeconds: secondFactorTimeoutSeconds }
      const secret = createTicketSecret()
      // The proof of the password waits with it, for the login that comes of it.
      const stamp = user.passwordStamp === undefined ? {} : { passwordStamp: user.passwordStamp }
      const data = { ticketHash: hashTicketSecret(secret), ...stamp }
      const { id: loginId } = await createLoginForUser(options, {
        user,
        device: deviceFrom(request),
        data,
        ...limits
      })
      return {
        message: 'Second factor required',
        pending: tickets.encode({ loginId, secret }),
        expires_in: secondFactorTimeoutSeconds
      }
    },
    findUser: async (ticket: string) => toPendingUser(await findLogin(ticket)),
    complete: async (request: FastifyRequest, { pending, response }: SecondFactorBody) => {
      const login = await findLogin(pending)
      if (login === null) throw invalidCredentials('the pending login has ended, or never was')
      const user = await verifySecondFactor(options.credentials, request, login.userId, response)
      // Last, and one step of the store: of all who come as far, one goes on.
      if (await orUnavailable(logins.consumePending(login.id)))
        return { ...user, passwordStamp: passwordStampFrom(login) }
      throw invalidCredentials('the pending login has ended meanwhile')
    }
  })
}

function toPendingUser(login: Login | null): PendingUser | null {
  return login && { id: login.userId, username: login.username, awaitsSecondFactor: true }
}

function passwordStampFrom({ data: { passwordStamp } }: Login): string | undefined {
  return typeof passwordStamp === 'string' ? passwordStamp : undefined
}

async function verifySecondFactor(
  credentials: CredentialsVerifier,
  request: FastifyRequest,
  userId: string,
  response: string
): Promise<AuthenticatedUser> {
  if (credentials.verifySecondFactor === undefined)
    throw invalidCredentials('the credentials have no verifySecondFactor')
  const address = clientAddress(credentials, request)
  const outcome = await orUnavailable(credentials.verifySecondFactor({ userId, response, address }))
  if (!outcome.ok) throw toHttpError(outcome)
  return outcome.user
}
