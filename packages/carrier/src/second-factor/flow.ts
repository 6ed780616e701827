import type { FastifyRequest } from 'fastify'
import type { Login } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { clientAddress } from '../client-address.ts'
import { invalidCredentials } from '../errors.ts'
import {
  type AuthenticatedUser,
  type CredentialsVerifier,
  deviceFrom,
  parsePendingSignIn,
  type PendingSignIn,
  type PendingUser,
  toHttpError,
  type VerifiedSignIn
} from '../sign-in.ts'
import { createTicketSecret, TicketCodec, hashTicketSecret } from './ticket.ts'
import { createLoginForUser } from '../create-login.ts'
import type { UnsentLogins } from '../unsent-logins.ts'

/** The body of the 202 response to a sign-in that still needs a second factor. */
export interface SecondFactorRequiredResponse {
  readonly message: string
  /** The ticket that completes the sign-in. */
  readonly pending: string
  /** Seconds until the ticket expires. */
  readonly expires_in: number
}

/** The body of the request that completes a sign-in. */
export interface SecondFactorBody {
  /** The ticket of the pending login. */
  readonly pending: string
  /** What the service's `secondFactor.verify` checks. */
  readonly response: string
}

/**
 * Sign-ins that wait for a second factor. Each is a record in the store without a credential, so that no guard accepts
 * it, and whatever revokes the logins of a user revokes it too.
 */
export interface SecondFactorFlow {
  /**
   * Begins for a user whose password was verified just now. Sets no cookie and revokes nothing.
   *
   * @throws HttpError 401 or 503; OptionError for an unknown member.
   * @example
   * const outcome = await credentials.verify({ username, password, address: request.ip })
   * if (!outcome.ok && outcome.reason === 'second-factor-required')
   *   return reply.code(202).send(await app.sessionAuth.pendingLogins.start(request, outcome))
   */
  start(request: FastifyRequest, signIn: PendingSignIn): Promise<SecondFactorRequiredResponse>
  /**
   * The user of a ticket, for what comes in between, such as sending a code: no method signs this user in. Null where the
   * ticket is not valid.
   *
   * @throws HttpError 503.
   */
  findUser(ticket: string): Promise<PendingUser | null>
  /**
   * Verifies the second factor. Resolves for one of any number of calls with a ticket. A wrong response leaves the ticket
   * valid; how many there may be is for the throttle of the credentials to say.
   *
   * @throws HttpError 400, 401, 429 or 503.
   * @example
   * const signIn = await app.sessionAuth.pendingLogins.complete(request, request.body)
   * await app.sessionAuth.startSession(request, reply, signIn)
   */
  complete(request: FastifyRequest, body: SecondFactorBody): Promise<VerifiedSignIn>
}

/** Options of {@link createSecondFactorFlow}. */
export interface SecondFactorFlowOptions {
  readonly credentials: CredentialsVerifier
  readonly logins: Pick<CarrierLogins, 'createWithClaims' | 'resolvePending' | 'revoke' | 'consumePending'>
  /** Root secrets. */
  readonly secrets: readonly string[]
  /** The carrier and its instance: a ticket of one is invalid at another. */
  readonly identity: string
  readonly secondFactorTimeoutSeconds: number
  readonly unsent: UnsentLogins
}

/** JSON Schema of a {@link SecondFactorBody}. Lengths and characters are for the credentials to check. */
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
  description: 'The password is right, and a second factor is needed: send it with `pending`.',
  type: 'object',
  required: ['message', 'pending', 'expires_in'],
  properties: {
    message: { type: 'string' },
    pending: { type: 'string', description: 'A ticket, `drbp_…`, valid for one sign-in.' },
    expires_in: { type: 'integer', description: 'Seconds until the ticket expires.' }
  }
} as const

/** Creates the flow of one instance of a carrier. */
export function createSecondFactorFlow(options: SecondFactorFlowOptions): SecondFactorFlow {
  const { logins, secrets, identity, secondFactorTimeoutSeconds } = options
  const tickets = new TicketCodec(secrets, identity)
  const findLogin = async (ticket: string): Promise<Login | null> => {
    const decoded = tickets.decode(ticket)
    if (decoded === null) return null
    const login = await logins.resolvePending(decoded.loginId)
    return login?.data['ticketHash'] === hashTicketSecret(decoded.secret) ? login : null
  }
  return Object.freeze({
    start: async (request: FastifyRequest, input: PendingSignIn) => {
      const signIn = parsePendingSignIn(input)
      const secret = createTicketSecret()
      const { id: loginId } = await createLoginForUser(options, signIn, {
        device: deviceFrom(request),
        data: toPendingData(secret, signIn.passwordStamp),
        idleTimeoutSeconds: 0,
        absoluteTimeoutSeconds: secondFactorTimeoutSeconds
      })
      options.unsent.add(request, { loginId, isIn: () => true })
      return {
        message: 'Second factor required',
        pending: tickets.encode({ loginId, secret }),
        expires_in: secondFactorTimeoutSeconds
      }
    },
    findUser: async (ticket: string) => toPendingUser(await findLogin(ticket)),
    complete: async (request: FastifyRequest, { pending, response }: SecondFactorBody) => {
      const login = await findLogin(pending)
      if (login === null)
        throw invalidCredentials('the pending login was completed, revoked or never created')
      const user = await verifySecondFactor(options.credentials, request, login.userId, response)
      // Last, and one step of the store: of all calls that come as far, one succeeds.
      if (await logins.consumePending(login.id)) return { user, passwordStamp: passwordStampFrom(login) }
      throw invalidCredentials('the pending login was completed or revoked meanwhile')
    }
  })
}

/** The stamp is checked again when the sign-in is completed. */
function toPendingData(secret: Buffer, passwordStamp: string | undefined): Login['data'] {
  return { ticketHash: hashTicketSecret(secret), ...(passwordStamp !== undefined && { passwordStamp }) }
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
  const outcome = await credentials.verifySecondFactor({ userId, response, address })
  if (!outcome.ok) throw toHttpError(outcome)
  return outcome.user
}
