import { countedAttempt } from './counted-attempt.ts'
import { reach } from './errors.ts'
import {
  type Accepted,
  malformed,
  type Proven,
  rejected,
  type Rejected,
  type SecondFactorNeeded,
  type SecondFactorOutcome
} from './outcomes.ts'
import type { Parts } from './parts.ts'
import { publicUser, type StoredUser, type User } from './users/user.ts'

/** What a user must show besides the password: one-time codes, keys, whatever the service has. */
export interface SecondFactor {
  /**
   * Whether this user must show one; asked whenever the password was right. All but `false` means yes. A look-up and no
   * more: it holds a place among the hashes. Where it rejects, the log-in is a 503.
   */
  isRequired(user: User): boolean | Promise<boolean>
  /**
   * Whether the response is right. Only `true` means yes. It is counted before it is asked. A code that is good for one
   * use is for it to know as used. Rejects only where it cannot tell, which is a 503.
   */
  verify(shown: SecondFactorResponse): boolean | Promise<boolean>
}

export interface SecondFactorResponse {
  readonly user: User
  /** What the client sent: not empty, well-formed, of 8192 characters at most. */
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

export interface SecondFactorAttempt {
  readonly userId: string
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Room for what a passkey answers. */
const MAX_RESPONSE = 8192

/** An attempt at a second factor costs no hash, and waits for none. */
const unqueued: Pick<Parts['queue'], 'tryRun'> = { tryRun: (task) => task() }

/** What a right password comes to. */
export async function orSecondFactor(parts: Parts, proven: Proven): Promise<Proven | SecondFactorNeeded> {
  const { user, proof } = proven
  // A service that forgets to answer has not said that a password is enough.
  if (parts.secondFactor === undefined || (await parts.secondFactor.asked.isRequired(user)) === false)
    return proven
  return { ok: false, reason: 'second-factor', user, proof }
}

/** Find → throttle → ask the service. The user is read anew, who may have been disabled since the password was shown. */
export async function verifySecondFactor(
  parts: Parts & Required<Pick<Parts, 'secondFactor'>>,
  { userId, response, address }: SecondFactorAttempt
): Promise<SecondFactorOutcome> {
  if (!isResponse(response)) return malformed('response')
  const { asked, throttle } = parts.secondFactor
  const user = await reach(() => parts.users.findById(userId))
  const counted = {
    during: 'second-factor',
    usernameKey: user?.usernameKey ?? `id ${userId}`,
    address,
    userId: user?.id ?? null
  } as const
  return countedAttempt({ throttle, queue: unqueued, onError: parts.onError }, counted, () =>
    judge(asked, user, response, address)
  )
}

async function judge(
  asked: SecondFactor,
  stored: StoredUser | null,
  response: string,
  address: string | undefined
): Promise<Accepted | Rejected> {
  if (stored === null) return rejected('unknown')
  if (stored.disabled) return rejected('disabled')
  const user = publicUser(stored)
  const isRight = await asked.verify({ user, response, address })
  return isRight === true ? { ok: true, user } : rejected('wrong-second-factor')
}

function isResponse(response: unknown): response is string {
  return (
    typeof response === 'string' &&
    response !== '' &&
    response.length <= MAX_RESPONSE &&
    response.isWellFormed()
  )
}
