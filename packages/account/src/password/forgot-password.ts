import { clientAddress, malformedCredentials } from '@drawbridge/carrier'
import { canonicalizeUsername } from '@drawbridge/credentials'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { publish } from '../publish.ts'
import { readBody } from '../read-body.ts'

/**
 * See `Account.forgotPassword`. The user is looked up after the response: not only its text but its time is the same for every
 * username, also where the stamp of the password takes work.
 */
export async function forgotPassword(
  context: Context,
  request: FastifyRequest,
  body: unknown
): Promise<void> {
  const { username } = readBody(body, 'username')
  const name = canonicalizeUsername(username)
  if (name === null) throw malformedCredentials('username')
  await context.admit('password-forgotten', request, name.key)
  const address = clientAddress(context.credentials, request)
  context.afterResponse.run(() => sendReset(context, username, address))
}

/** Counted by user too: a store of users may find one by several names. */
async function sendReset(context: Context, username: string, address: string | undefined): Promise<void> {
  const { credentials, options, resetTokens } = context
  const found = await credentials.stampOf?.({ username })
  const userId = found?.user.id ?? null
  publish(() => ({ type: 'password-reset-requested', userId, address }))
  const token = resetTokens?.create({ userId: found?.user.id ?? 'nobody', state: found?.passwordStamp ?? '' })
  if (!found || token === undefined) return
  // No username has a NUL.
  if (await context.mayBeSent('password-forgotten', `\0${found.user.id}`))
    await options.sendReset?.(found.user, token)
}
