import { type Operation, publish } from '../events.ts'
import { CredentialsUnavailableError, wrapOutage } from '../errors.ts'
import {
  busy,
  type Busy,
  attemptQueueFull,
  type VerifySecondFactorOutcome,
  type Throttled,
  type VerifyOutcome
} from '../outcomes.ts'
import type { Dependencies } from './dependencies.ts'
import type { QueuedAttempt } from '../throttle/attempt-queues.ts'
import type { Admission, Admitted, ThrottledAdmission } from '../throttle/admission.ts'

/** An attempt on an account. */
export interface Attempt {
  readonly operation: Operation
  readonly usernameKey: string
  readonly address: string | undefined
  /** Where it is known already whose the account is. */
  readonly userId: string | null
}

/** Says whose account it is, once that is known: for those who watch alone. */
export type OnUserFound = (userId: string) => void

type AttemptDependencies = Pick<Dependencies, 'throttle' | 'onError'> & {
  readonly hashingQueue: Pick<Dependencies['hashingQueue'], 'tryRun'>
}

/**
 * Makes an attempt on an account that is counted before it is made and waits for its turn to hash. Refused by the
 * throttle or for want of room, it computes nothing; only what was really tried stays counted.
 *
 * @throws CredentialsUnavailableError when a store is down. Not counted: nobody learned anything.
 */
export async function runAttempt<T extends VerifyOutcome | VerifySecondFactorOutcome>(
  deps: AttemptDependencies,
  attempt: Attempt,
  run: (onUserFound: OnUserFound) => Promise<T>
): Promise<T | Throttled | Busy> {
  const queued = deps.throttle.queues?.enter(attempt.usernameKey, attempt.address)
  try {
    const admission = await reserveInTurn(deps, attempt, queued)
    if (admission === 'full') return attemptQueueFull
    if (!admission.admitted) return toThrottled(attempt, admission)
    return await runReserved(deps, attempt, admission, run)
  } finally {
    queued?.leave()
  }
}

/** Refused is only who is so when no earlier attempt is under way any more: what is in flight is no failure yet (M8). */
async function reserveInTurn(
  { throttle }: AttemptDependencies,
  { usernameKey, address }: Attempt,
  queued: QueuedAttempt | undefined
): Promise<Admission | 'full'> {
  for (;;) {
    const admission = await wrapOutage(() => throttle.reserve(usernameKey, address))
    const earlier = admission.admitted ? undefined : queued?.waitForEarlier(admission.limit)
    if (earlier === undefined) return admission
    if (earlier === 'full') return earlier
    await earlier
  }
}

async function runReserved<T extends VerifyOutcome | VerifySecondFactorOutcome>(
  deps: AttemptDependencies,
  attempt: Attempt,
  admission: Admitted,
  run: (onUserFound: OnUserFound) => Promise<T>
): Promise<T | Busy> {
  let { userId } = attempt
  const task = deps.hashingQueue.tryRun(() => run((id) => (userId = id)))
  if (task === undefined) {
    await reportFailure(deps, admission.refund())
    return busy
  }
  try {
    const outcome = await task
    if (outcome.ok) await reportFailure(deps, admission.recordSuccess())
    publishOutcome(attempt, admission, outcome, userId)
    return outcome
  } catch (error) {
    await reportFailure(deps, admission.refund())
    throw new CredentialsUnavailableError(error)
  }
}

function toThrottled(
  { operation, address, userId }: Attempt,
  { limit, retryAfterSeconds }: ThrottledAdmission
): Throttled {
  publish(() => ({ type: 'throttled', limit, operation, address, userId, retryAfterSeconds }))
  return { ok: false, reason: 'throttled', retryAfterSeconds }
}

function publishOutcome(
  { operation, address }: Attempt,
  { failures, isSuspicious }: Admitted,
  outcome: VerifyOutcome | VerifySecondFactorOutcome,
  userId: string | null
): void {
  if (outcome.ok) {
    const { id } = outcome.user
    if (operation === 'password-change')
      return publish(() => ({ type: 'password-changed', userId: id, address }))
    publish(() => ({ type: 'sign-in-succeeded', userId: id, address }))
    if (isSuspicious) publish(() => ({ type: 'suspicious-sign-in', userId: id, address, failures }))
  } else if (outcome.reason === 'second-factor-required') {
    const { id } = outcome.user
    publish(() => ({ type: 'second-factor-required', userId: id, address, failures: failures + 1 }))
  } else if (outcome.reason === 'invalid-credentials') {
    const { detail } = outcome
    publish(() => ({
      type: 'invalid-credentials',
      detail,
      operation,
      address,
      userId,
      failures: failures + 1
    }))
  }
}

/** The outcome is known by now, and a count that cannot be put right must not change it. */
async function reportFailure(deps: AttemptDependencies, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    deps.onError(error)
  }
}
