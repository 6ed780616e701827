import { clientAddress } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { invalidOneTimeToken } from './errors.ts'
import { publish } from './publish.ts'
import { readBody } from './read-body.ts'

/** See `Account.createVerification`. */
export async function createVerification(
  { options, verificationTokens }: Context,
  userId: string
): Promise<string | null> {
  const state = await options.verification?.findPending(userId)
  return state === undefined || state === null
    ? null
    : (verificationTokens?.create({ userId, state }) ?? null)
}

/** See `Account.verify`. */
export async function verify(context: Context, request: FastifyRequest, body: unknown): Promise<string> {
  const { credentials, options, verificationTokens } = context
  const { token } = readBody(body, 'token')
  const redeemed = await verificationTokens?.redeem(token)
  if (!redeemed?.ok) throw invalidOneTimeToken(`the token for a verification is ${redeemed?.reason}`)
  await options.verification?.onVerified(redeemed.userId, redeemed.state ?? '')
  const { userId } = redeemed
  publish(() => ({ type: 'user-verified', userId, address: clientAddress(credentials, request) }))
  return userId
}
