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

/** One attempt to present credentials for an account. */
export interface Attempt {
  readonly operation: Operation
  readonly usernameKey: string
  readonly address: string | undefined
  /** Null where the user has not been looked up yet. */
  readonly userId: string | null
}

/** Reports the user id once it is known; used for events only. */
export type OnUserFound = (userId: string) => void

type AttemptDependencies = Pick<Dependencies, 'throttle' | 'onError'> & {
  readonly hashingQueue: Pick<Dependencies['hashingQueue'], 'tryRun'>
}

/**
 * Counts an attempt, waits for a place in the hashing queue and runs it. An attempt that the throttle rejects, or for
 * which the queue has no room, computes nothing and is not counted.
 *
 * @throws CredentialsUnavailableError when a store is down. Such an attempt is not counted either: the caller learned
 *   nothing from it.
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

/** Rejects an attempt only when no earlier one is in flight, since an attempt in flight has not failed yet (M8). */
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

/** The outcome is known by now, and a count that cannot be corrected must not change it. */
async function reportFailure(deps: AttemptDependencies, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    deps.onError(error)
  }
}
