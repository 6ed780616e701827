import { runAttempt } from './attempt.ts'
import { wrapOutage } from '../errors.ts'
import {
  type Verified,
  malformed,
  type PasswordVerified,
  invalidCredentials,
  type InvalidCredentials,
  type SecondFactorRequired,
  type VerifySecondFactorOutcome
} from '../outcomes.ts'
import type { Dependencies } from './dependencies.ts'
import type { SecondFactorProvider } from './second-factor-provider.ts'
import { toPublicUser, type StoredUser } from '../users/user.ts'

export interface VerifySecondFactorInput {
  readonly userId: string
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Room for what a passkey answers. */
const MAX_RESPONSE_LENGTH = 8192

/** An attempt at a second factor costs no hash, and waits for none. */
const unboundedQueue: Pick<Dependencies['hashingQueue'], 'tryRun'> = { tryRun: (task) => task() }

/** What a right password comes to. */
export async function requireSecondFactor(
  deps: Dependencies,
  verified: PasswordVerified
): Promise<PasswordVerified | SecondFactorRequired> {
  const { user, passwordStamp } = verified
  // A service that forgets to answer has not said that a password is enough.
  if (deps.secondFactor === undefined || (await deps.secondFactor.provider.isRequired(user)) === false)
    return verified
  return { ok: false, reason: 'second-factor-required', user, passwordStamp }
}

/** Find → throttle → ask the service. The user is read anew, who may have been disabled since the password was shown. */
export async function verifySecondFactor(
  deps: Dependencies & Required<Pick<Dependencies, 'secondFactor'>>,
  { userId, response, address }: VerifySecondFactorInput
): Promise<VerifySecondFactorOutcome> {
  if (!isResponse(response)) return malformed('response')
  const { provider, throttle } = deps.secondFactor
  const user = await wrapOutage(() => deps.users.findById(userId))
  const attempt = {
    operation: 'second-factor',
    usernameKey: user?.usernameKey ?? `id ${userId}`,
    address,
    userId: user?.id ?? null
  } as const
  return runAttempt({ throttle, hashingQueue: unboundedQueue, onError: deps.onError }, attempt, () =>
    verifyWithProvider(provider, user, response, address)
  )
}

async function verifyWithProvider(
  provider: SecondFactorProvider,
  stored: StoredUser | null,
  response: string,
  address: string | undefined
): Promise<Verified | InvalidCredentials> {
  if (stored === null) return invalidCredentials('unknown')
  if (stored.disabled) return invalidCredentials('disabled')
  const user = toPublicUser(stored)
  const isValid = await provider.verify({ user, response, address })
  return isValid === true ? { ok: true, user } : invalidCredentials('wrong-second-factor')
}

function isResponse(response: unknown): response is string {
  return (
    typeof response === 'string' &&
    response !== '' &&
    response.length <= MAX_RESPONSE_LENGTH &&
    response.isWellFormed()
  )
}
