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
import { markPasswordOnly } from './password-only-stamp.ts'
import type { SecondFactorProvider } from './second-factor-provider.ts'
import { toPublicUser, type StoredUser, type User } from '../users/user.ts'

/** Input of `verifySecondFactor`. */
export interface VerifySecondFactorInput {
  /** Of the user for whom `verify` returned `second-factor-required`. */
  readonly userId: string
  /** What the client sent, such as a code. */
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Characters; enough for the response of a passkey. */
const MAX_RESPONSE_LENGTH = 8192

/** The check of a second factor computes no hash, so it waits for none. */
const unboundedQueue: Pick<Dependencies['hashingQueue'], 'tryRun'> = { tryRun: (task) => task() }

type FactorDependencies = Pick<Dependencies, 'secondFactor'>

/** Whether the user needs one now. */
export async function needsSecondFactor({ secondFactor }: FactorDependencies, user: User): Promise<boolean> {
  // Compared with `false`, so that a provider that returns nothing does not let the user in by the password alone.
  return secondFactor !== undefined && (await secondFactor.provider.isRequired(user)) !== false
}

/** Turns the outcome of a correct password into `second-factor-required` where the user needs one. */
export async function requireSecondFactor(
  deps: FactorDependencies,
  verified: PasswordVerified
): Promise<PasswordVerified | SecondFactorRequired> {
  const { user, passwordStamp } = verified
  if (deps.secondFactor === undefined) return verified
  if (await needsSecondFactor(deps, user))
    return { ok: false, reason: 'second-factor-required', user, passwordStamp }
  return { ...verified, passwordStamp: markPasswordOnly(passwordStamp) }
}

/** Find → throttle → provider. Reads the user again, who may have been disabled since the password was verified. */
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
