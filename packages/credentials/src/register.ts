import { publish } from './credentials-channel.ts'
import { reach } from './errors.ts'
import { againstPolicy, busy, malformed, type RegisterOutcome, taken } from './outcomes.ts'
import type { Parts } from './parts.ts'
import { readPassword } from './passwords/password.ts'
import { publicUser } from './users/user.ts'
import { canonicalUsername } from './users/username.ts'

export interface Registration {
  readonly username: string
  readonly password: string
}

/** Judge → hash → insert. The store says whether the name is taken: asked before, it could be taken by then. */
export async function register(parts: Parts, input: Registration): Promise<RegisterOutcome> {
  const username = canonicalUsername(input.username)
  const password = readPassword(input.password)
  if (username === null) return malformed('username')
  if (password === null) return malformed('password')
  const refusal = await reach(() => parts.policy.judge(password.normal, username.key))
  if (refusal !== null) return againstPolicy(refusal)

  const hashing = parts.queue.tryRun(() => parts.hasher.hash(password))
  if (hashing === undefined) return busy
  const passwordHash = await reach(() => hashing)
  const newUser = { username: username.shown, usernameKey: username.key, passwordHash, disabled: false }
  const user = await reach(() => parts.users.insert(newUser))
  if (user === null) return taken
  publish(() => ({ type: 'registered', userId: user.id }))
  return { ok: true, user: publicUser(user), proof: parts.hasher.proofOf(user) }
}
