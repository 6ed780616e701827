import { outcomeError, type VerifiedSignIn } from '@drawbridge/carrier'
import type { SetPasswordOutcome } from '@drawbridge/credentials'
import type { FastifyRequest } from 'fastify'
import { byUser } from '../by-user.ts'
import type { Context } from '../context.ts'
import { invalidOneTimeToken } from '../errors.ts'
import type { RedeemOutcome } from '../one-time-tokens/create-one-time-tokens.ts'
import { readBody } from '../read-body.ts'

const RESET = { by: 'password', reason: 'password-reset' } as const

/**
 * See `Account.resetPassword`. The password is set only while its stamp is the one of the token, so that of two uses at the same
 * moment one succeeds, on whatever node.
 */
export async function resetPassword(
  context: Context,
  request: FastifyRequest,
  body: unknown
): Promise<VerifiedSignIn> {
  const { token, newPassword } = readBody(body, 'token', 'newPassword')
  await context.admit('password-reset', request)
  const redeemed = await context.resetTokens?.redeem(token)
  if (!redeemed?.ok) throw invalidOneTimeToken(`the token for a reset is ${redeemed?.reason}`)
  // Before the token is used up: a reset that could not revoke the logins of a thief is no reset.
  await context.logins.ping()
  const outcome = await setPassword(context, request, redeemed, newPassword)
  if (!outcome.ok) throw toHttpError(outcome)
  // After the change: a sign-in in flight is revoked with the rest, or finds its stamp of the password outdated.
  await context.logins.revokeUser(redeemed.userId, RESET)
  return { user: outcome.user, passwordStamp: outcome.passwordStamp }
}

async function setPassword(
  context: Context,
  request: FastifyRequest,
  { userId, state }: Extract<RedeemOutcome, { ok: true }>,
  newPassword: string
): Promise<SetPasswordOutcome> {
  const { credentials, logins } = context
  const cause = byUser(context, request, RESET.reason)
  const change = { userId, newPassword, passwordStamp: state ?? '', ...cause }
  const setting = credentials.setPassword?.(change) ?? Promise.reject(new Error('no setPassword'))
  return setting.catch(async (error: unknown) => {
    // It may have been set all the same.
    await logins.revokeUser(userId, RESET)
    throw error
  })
}

function toHttpError(outcome: Extract<SetPasswordOutcome, { ok: false }>) {
  if (outcome.reason === 'unknown-user' || outcome.reason === 'stamp-outdated')
    return invalidOneTimeToken('the token for a reset was used at the same moment')
  return outcomeError(outcome)
}
