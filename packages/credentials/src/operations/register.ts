import { publish } from '../events.ts'
import { causeFrom, type ChangeCauseInput } from './change-cause.ts'
import { wrapOutage } from '../errors.ts'
import { policyViolated, busy, malformed, type RegisterOutcome, usernameTaken } from '../outcomes.ts'
import type { Dependencies } from './dependencies.ts'
import { parsePassword } from '../passwords/password.ts'
import { toPublicUser, type WithProfile } from '../users/user.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `register`. `profile` is passed on to the `insert` of the user store. */
export type RegisterInput<Profile = undefined> = {
  readonly username: string
  readonly password: string
  /** True: the user cannot sign in before `enable`, as where an address is to be confirmed first. Default false. */
  readonly disabled?: boolean
} & ChangeCauseInput &
  WithProfile<Profile>

/** Policy → hash → insert. Only the insert decides whether the name is taken: a look-up before it would be a race. */
export async function register(deps: Dependencies, input: RegisterInput): Promise<RegisterOutcome> {
  const username = canonicalizeUsername(input.username)
  const password = parsePassword(input.password)
  if (username === null) return malformed('username')
  if (password === null) return malformed('password')
  const violation = await wrapOutage(() => deps.policy.check(password.normalized, username.key))
  if (violation !== null) return policyViolated(violation)

  const hashing = deps.hashingQueue.tryRun(() => deps.hasher.hash(password))
  if (hashing === undefined) return busy
  const passwordHash = await wrapOutage(() => hashing)
  const { profile } = input
  const own = profile === undefined ? {} : { profile }
  const newUser = {
    username: username.display,
    usernameKey: username.key,
    passwordHash,
    disabled: input.disabled === true,
    ...own
  }
  const user = await wrapOutage(() => deps.users.insert(newUser))
  if (user === null) return usernameTaken
  publish(() => ({ type: 'user-registered', userId: user.id, ...causeFrom(input) }))
  return { ok: true, user: toPublicUser(user), passwordStamp: deps.hasher.stampOf(user) }
}
