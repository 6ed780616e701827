import {
  type AccessTokenResponse,
  clientAddress,
  malformedCredentials,
  outcomeError,
  principalOf,
  type VerifiedSignIn
} from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { readBody } from './read-body.ts'

/**
 * See `Account.reauthenticate`. A wrong password is a 403 as at a change of it, since a 401 would have clients drop their login.
 */
export async function reauthenticate(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown
): Promise<AccessTokenResponse | null> {
  return context.bridge.reauthenticate(request, reply, await verify(context, request, body))
}

async function verify(
  { credentials }: Context,
  request: FastifyRequest,
  body: unknown
): Promise<VerifiedSignIn> {
  const { username } = principalOf(request)
  const { password } = readBody(body, 'password')
  const address = clientAddress(credentials, request)
  const outcome = await credentials.verify?.({ username, password, address })
  if (outcome === undefined) throw new Error('no verify')
  if (!outcome.ok && outcome.reason !== 'second-factor-required') throw outcomeError(outcome)
  const { user, passwordStamp } = outcome
  if (!outcome.ok) await verifySecondFactor(credentials, user.id, address, body)
  return { user, passwordStamp }
}

/** Only who knows the password learns that a response is needed. */
async function verifySecondFactor(
  credentials: Context['credentials'],
  userId: string,
  address: string | undefined,
  body: unknown
): Promise<void> {
  const { response } = readBody(body, 'response')
  const outcome = await credentials.verifySecondFactor?.({ userId, response, address })
  if (outcome === undefined) throw malformedCredentials('response')
  if (!outcome.ok) throw outcomeError(outcome)
}
