import type { Carrier, RejectedReason } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { AuthenticateOutcome } from './authenticate-outcome.ts'

/** The credential that an error rejects. */
export interface Rejection {
  readonly reason: RejectedReason
  /** Null for credentials of two carriers. */
  readonly carrier: Carrier | null
  /** Where what was presented is ours, and names it. */
  readonly loginId?: string | undefined
  readonly userId?: string | undefined
}

type Publisher = Pick<CarrierLogins, 'publishEvent'>

/** Beside the errors, since services log those, and send them. */
const rejections = new WeakMap<Error, Rejection>()

/** Notes which credential an error rejects, for its event; null where none is presented. @returns the error. */
export function noteRejection<E extends Error>(error: E, rejection: Rejection | null): E {
  if (rejection === null) rejections.delete(error)
  else rejections.set(error, rejection)
  return error
}

/** Publishes what an error rejects, once, however many plugins see it. */
export function publishRejection({ publishEvent }: Publisher, error: Error): void {
  const rejection = rejections.get(error)
  if (rejection === undefined) return
  rejections.delete(error)
  publishRejected(publishEvent, rejection)
}

/** An onError hook that publishes the rejections of the requests that get an error. */
export function createRejectionHook(logins: Publisher) {
  return (_request: FastifyRequest, _reply: FastifyReply, error: Error, done: HookHandlerDoneFunction) => {
    publishRejection(logins, error)
    done()
  }
}

/** Publishes that a credential was not valid, where no request gets an error for it. @returns the outcome. */
export function publishFailure<Outcome extends AuthenticateOutcome | Promise<AuthenticateOutcome>>(
  logins: Publisher,
  carrier: Carrier,
  outcome: Outcome
): Outcome {
  const publish = (known: AuthenticateOutcome) => {
    if (known.ok || known.reason === 'none') return
    publishRejected(logins.publishEvent, { carrier, reason: known.reason, loginId: known.loginId })
  }
  // What it rejects with is for the caller.
  if (outcome instanceof Promise) outcome.then(publish, () => {})
  else publish(outcome)
  return outcome
}

/** Publishes that a credential was rejected. */
export function publishRejected(
  publishEvent: CarrierLogins['publishEvent'],
  { reason, carrier, loginId, userId }: Rejection
): void {
  publishEvent(() => ({
    type: 'credential-rejected',
    reason,
    loginId: loginId ?? null,
    userId: userId ?? null,
    carrier,
    device: null
  }))
}
