import { type HttpError, outcomeError, principalOf, refuseKey, unauthorized } from '@drawbridge/carrier'
import type { RenameOutcome, User } from '@drawbridge/credentials'
import type { FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { readBody } from './read-body.ts'

/** See `Account.rename`. */
export async function rename(context: Context, request: FastifyRequest, body: unknown): Promise<User> {
  refuseKey(request.principal)
  const { userId } = principalOf(request)
  const { newUsername } = readBody(body, 'newUsername')
  await context.admit('rename', request)
  const outcome = await renameUser(context, userId, newUsername)
  if (!outcome.ok) throw toHttpError(outcome)
  await pushName(context, outcome.user)
  return outcome.user
}

async function renameUser(context: Context, userId: string, newUsername: string): Promise<RenameOutcome> {
  const { credentials } = context
  const renaming = credentials.rename?.({ userId, newUsername }) ?? Promise.reject(new Error('no rename'))
  return renaming.catch(async (error: unknown) => {
    // The user may have been renamed all the same.
    const found = await credentials.stampOf?.({ userId })
    if (found) await pushName(context, found.user)
    throw error
  })
}

/** Until it is the name that the user has: of two renames at once the one that is stored last stays, whichever is pushed last. */
async function pushName(context: Context, { id, username }: User): Promise<void> {
  const { credentials, logins } = context
  await logins.renameUser(id, username)
  const found = await credentials.stampOf?.({ userId: id })
  if (found && found.user.username !== username) await pushName(context, found.user)
}

function toHttpError(outcome: Extract<RenameOutcome, { ok: false }>): HttpError {
  return outcome.reason === 'unknown-user'
    ? unauthorized('the user was removed meanwhile')
    : outcomeError(outcome)
}
