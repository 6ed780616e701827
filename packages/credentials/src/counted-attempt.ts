import { type Occasion, publish } from './credentials-channel.ts'
import { CredentialsUnavailableError, reach } from './errors.ts'
import {
  busy,
  type Busy,
  busySoon,
  type SecondFactorOutcome,
  type Throttled,
  type VerifyOutcome
} from './outcomes.ts'
import type { Parts } from './parts.ts'
import type { Place } from './throttle/attempt-lines.ts'
import type { Admission, Admitted, Refused } from './throttle/throttle.ts'

/** An attempt on an account. */
export interface Attempt {
  readonly during: Occasion
  readonly usernameKey: string
  readonly address: string | undefined
  /** Where it is known already whose the account is. */
  readonly userId: string | null
}

/** Says whose account it is, once that is known: for those who watch alone. */
export type Found = (userId: string) => void

type CountingParts = Pick<Parts, 'throttle' | 'onError'> & { readonly queue: Pick<Parts['queue'], 'tryRun'> }

/**
 * Makes an attempt on an account that is counted before it is made and waits for its turn to hash. Refused by the
 * throttle or for want of room, it computes nothing; only what was really tried stays counted.
 *
 * @throws CredentialsUnavailableError when a store is down. Not counted: nobody learned anything.
 */
export async function countedAttempt<T extends VerifyOutcome | SecondFactorOutcome>(
  parts: CountingParts,
  attempt: Attempt,
  run: (found: Found) => Promise<T>
): Promise<T | Throttled | Busy> {
  const place = parts.throttle.lines?.enter(attempt.usernameKey, attempt.address)
  try {
    const admission = await admitInTurn(parts, attempt, place)
    if (admission === 'full') return busySoon
    if (!admission.admitted) return refuse(attempt, admission)
    return await makeAttempt(parts, attempt, admission, run)
  } finally {
    place?.leave()
  }
}

/** Refused is only who is so when no earlier attempt is under way any more: what is in flight is no failure yet (M8). */
async function admitInTurn(
  { throttle }: CountingParts,
  { usernameKey, address }: Attempt,
  place: Place | undefined
): Promise<Admission | 'full'> {
  for (;;) {
    const admission = await reach(() => throttle.admit(usernameKey, address))
    const turn = admission.admitted ? undefined : place?.afterEarlier(admission.by)
    if (turn === undefined) return admission
    if (turn === 'full') return turn
    await turn
  }
}

async function makeAttempt<T extends VerifyOutcome | SecondFactorOutcome>(
  parts: CountingParts,
  attempt: Attempt,
  admission: Admitted,
  run: (found: Found) => Promise<T>
): Promise<T | Busy> {
  let { userId } = attempt
  const turn = parts.queue.tryRun(() => run((id) => (userId = id)))
  if (turn === undefined) {
    await tell(parts, admission.withdraw())
    return busy
  }
  try {
    const outcome = await turn
    if (outcome.ok) await tell(parts, admission.succeeded())
    publishOutcome(attempt, admission, outcome, userId)
    return outcome
  } catch (error) {
    await tell(parts, admission.withdraw())
    throw new CredentialsUnavailableError(error)
  }
}

function refuse({ during, address, userId }: Attempt, { by, retryAfterSeconds }: Refused): Throttled {
  publish(() => ({ type: 'throttled', by, during, address, userId, retryAfterSeconds }))
  return { ok: false, reason: 'throttled', retryAfterSeconds }
}

function publishOutcome(
  { during, address }: Attempt,
  { failures, isSuspicious }: Admitted,
  outcome: VerifyOutcome | SecondFactorOutcome,
  userId: string | null
): void {
  if (outcome.ok) {
    const { id } = outcome.user
    if (during === 'password-change')
      return publish(() => ({ type: 'password-changed', userId: id, address }))
    publish(() => ({ type: 'accepted', userId: id, address }))
    if (isSuspicious) publish(() => ({ type: 'suspicious-log-in', userId: id, address, failures }))
  } else if (outcome.reason === 'second-factor') {
    const { id } = outcome.user
    publish(() => ({ type: 'second-factor-needed', userId: id, address, failures: failures + 1 }))
  } else if (outcome.reason === 'rejected') {
    const { detail } = outcome
    publish(() => ({ type: 'rejected', detail, during, address, userId, failures: failures + 1 }))
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
