import { outcomeError } from '@drawbridge/carrier'
import { canonicalizeUsername, type RegisterOutcome, type User } from '@drawbridge/credentials'
import type { FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { byUser } from './by-user.ts'
import { readBody } from './read-body.ts'
import type { Registration } from './types.ts'
import { createVerification } from './verify.ts'

/**
 * See `Account.register`. Whether a username is free is decided after the password is hashed, so that the work is the same. Where
 * addresses are verified, a user who has registered cannot sign in at once: the sign-in would reveal what the response does not.
 */
export async function register(
  context: Context,
  request: FastifyRequest,
  body: unknown
): Promise<Registration> {
  const { username, password } = readBody(body, 'username', 'password')
  await context.admit('registration', request)
  const isVerified = context.options.registration === 'verified'
  const outcome = await context.credentials.register?.({
    username,
    password,
    disabled: isVerified,
    ...byUser(context, request, 'registration')
  })
  if (outcome === undefined) throw new Error('no register')
  return isVerified ? accept(context, username, outcome) : toRegistration(outcome)
}

function toRegistration(outcome: RegisterOutcome): Registration {
  if (!outcome.ok) throw outcomeError(outcome)
  const { user, passwordStamp } = outcome
  return { status: 'registered', signIn: { user, passwordStamp } }
}

function accept(context: Context, username: string, outcome: RegisterOutcome): Registration {
  if (!outcome.ok && outcome.reason !== 'username-taken') throw outcomeError(outcome)
  context.afterResponse.run(() => notify(context, username, outcome))
  return { status: 'accepted' }
}

/** Not more often than the limit per username: anybody may ask for one, from any number of addresses. */
async function notify(context: Context, username: string, outcome: RegisterOutcome): Promise<void> {
  const recipient = canonicalizeUsername(username)?.key ?? username
  if (!(await context.mayBeSent('registration', recipient))) return
  await (outcome.ok ? sendVerification(context, outcome.user) : context.options.onUsernameTaken?.(username))
}

async function sendVerification(context: Context, user: User): Promise<void> {
  const token = await createVerification(context, user.id)
  if (token !== null) await context.options.sendVerification?.(user, token)
}
