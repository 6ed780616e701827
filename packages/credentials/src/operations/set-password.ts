import { publish } from '../events.ts'
import { causeFrom, type ChangeCauseInput } from './change-cause.ts'
import { wrapOutage } from '../errors.ts'
import {
  busy,
  malformed,
  policyViolated,
  type SetPasswordOutcome,
  stampOutdated,
  unknownUser
} from '../outcomes.ts'
import { parsePassword } from '../passwords/password.ts'
import { toPublicUser } from '../users/user.ts'
import type { Dependencies } from './dependencies.ts'
import { isStampOf } from './stamp.ts'

/** Input of `setPassword`. */
export interface SetPasswordInput extends ChangeCauseInput {
  readonly userId: string
  readonly newPassword: string
  /**
   * The stamp that a token for the reset was made with: the password is set only if it still is the current one, so that
   * of two uses of the token at the same moment one succeeds. Default: the password is set in any case.
   */
  readonly passwordStamp?: string | undefined
}

/** Attempts to replace the hash, which another request may change meanwhile: a sign-in that upgrades it is one. */
const MAX_ROUNDS = 3

/**
 * Find → policy → hash → replace. Does not require the current password, so it is not for a route that a login alone may
 * call. The hash is replaced if it is the one that was read; otherwise the user is read again.
 */
export async function setPassword(deps: Dependencies, input: SetPasswordInput): Promise<SetPasswordOutcome> {
  const password = parsePassword(input.newPassword)
  if (password === null) return malformed('newPassword')
  const user = await wrapOutage(() => deps.users.findById(input.userId))
  if (user === null) return unknownUser
  const violation = await wrapOutage(() => deps.policy.check(password.normalized, user.usernameKey))
  if (violation !== null) return policyViolated(violation)
  const hashing = deps.hashingQueue.tryRun(() => deps.hasher.hash(password))
  if (hashing === undefined) return busy
  const newHash = await wrapOutage(() => hashing)
  const outcome = await wrapOutage(() => replaceHash(deps, input, newHash))
  if (outcome.ok) publish(() => ({ type: 'password-set', userId: outcome.user.id, ...causeFrom(input) }))
  return outcome
}

async function replaceHash(
  deps: Dependencies,
  { userId, passwordStamp }: SetPasswordInput,
  newHash: string
): Promise<SetPasswordOutcome> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const user = await deps.users.findById(userId)
    if (user === null) return unknownUser
    if (passwordStamp !== undefined && !(await isStampOf(deps, user, passwordStamp))) return stampOutdated
    if (await deps.users.replacePasswordHash(userId, user.passwordHash, newHash)) {
      const stamp = deps.hasher.stampOf({ ...user, passwordHash: newHash })
      return { ok: true, user: toPublicUser(user), passwordStamp: stamp }
    }
  }
  return busy
}
