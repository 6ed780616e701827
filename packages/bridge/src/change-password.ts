import {
  clientAddress,
  malformedCredentials,
  outcomeError,
  principalOf,
  refuseKey,
  type VerifiedSignIn
} from '@drawbridge/carrier'
import type { RevocationCause } from '@drawbridge/logins'
import { OptionError } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Carriers } from './carriers.ts'
import type { Bridge } from './types.ts'

interface Dependencies {
  readonly carriers: Carriers
  /** Does nothing where the other logins stay. */
  readonly revokeOthers: (...args: Parameters<Bridge['revokeOthers']>) => Promise<unknown>
}

const PASSWORD_CHANGED: RevocationCause = { by: 'password', reason: 'password-change' }

/** See `Bridge.changePassword`. */
export async function changePassword(
  { carriers, revokeOthers }: Dependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown
): Promise<VerifiedSignIn> {
  const { credentials } = carriers.sessions
  const principal = principalOf(request)
  refuseKey(principal)
  const { userId, username } = principal
  if (credentials.changePassword === undefined)
    throw new OptionError(
      'bridge.changePassword needs sessionAuth.credentials with a changePassword function'
    )
  const { currentPassword, newPassword } = (body ?? {}) as Readonly<Record<string, unknown>>
  if (!isText(currentPassword)) throw malformedCredentials('currentPassword')
  if (!isText(newPassword)) throw malformedCredentials('newPassword')
  const address = clientAddress(credentials, request)
  const outcome = await credentials
    .changePassword({ userId, currentPassword, newPassword, address })
    .catch(async (error: unknown) => {
      // It may have been changed all the same, and the user who changes it is to be the only one who is signed in.
      await revokeOthers(request, reply, PASSWORD_CHANGED)
      throw error
    })
  if (!outcome.ok) throw outcomeError(outcome)
  // After the change: a sign-in in flight is revoked with the rest, or finds its stamp of the password outdated.
  await revokeOthers(request, reply, PASSWORD_CHANGED)
  return { user: outcome.user ?? { id: userId, username }, passwordStamp: outcome.passwordStamp }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
