import { CredentialsUnavailableError, reach } from './errors.ts'
import { busy, type Busy, type Throttled } from './outcomes.ts'
import type { Parts } from './parts.ts'

type CountingParts = Pick<Parts, 'throttle' | 'onError'> & { readonly queue: Pick<Parts['queue'], 'tryRun'> }

/**
 * Makes an attempt on an account that is counted before it is made and waits for its turn to hash. Refused by the
 * throttle or for want of room, it computes nothing; only what was really tried stays counted.
 *
 * @throws CredentialsUnavailableError when a store is down. Not counted: nobody learned anything.
 */
export async function countedAttempt<T extends { readonly ok: boolean }>(
  parts: CountingParts,
  account: { readonly usernameKey: string; readonly address: string },
  attempt: () => Promise<T>
): Promise<T | Throttled | Busy> {
  const admission = await reach(() => parts.throttle.admit(account.usernameKey, account.address))
  if (!admission.admitted) {
    return { ok: false, reason: 'throttled', retryAfterSeconds: admission.retryAfterSeconds }
  }
  const turn = parts.queue.tryRun(attempt)
  if (turn === undefined) {
    await tell(parts, admission.withdraw())
    return busy
  }
  try {
    const outcome = await turn
    if (outcome.ok) await tell(parts, admission.succeeded())
    return outcome
  } catch (error) {
    await tell(parts, admission.withdraw())
    throw new CredentialsUnavailableError(error)
  }
}

/** The outcome is known by now, and a count that cannot be put right must not change it. */
async function tell(parts: CountingParts, correction: Promise<void>): Promise<void> {
  try {
    await correction
  } catch (error) {
    parts.onError(error)
  }
}
