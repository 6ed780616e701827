import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { misplacedGuard } from './errors.ts'
import { Redirect } from './pages/redirect.ts'
import { registerGuard } from './check-routes.ts'

/**
 * A hook that accepts or rejects a request, at `onRequest`, `preValidation` or `preHandler`. Fastify calls it
 * with a callback; a hook of the service's own may call it without one, and then waits for the promise:
 * `await guard(request, reply)`.
 */
export interface GuardHook {
  (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void
  /** Rejects with the error to send. */
  (request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** Null accepts the request; anything else is the response to send. */
export type GuardResult = Error | Redirect | null

/** A promise only where the store must be asked. */
export type GuardCheck = (request: FastifyRequest, reply: FastifyReply) => GuardResult | Promise<GuardResult>

type Done = (error?: Error) => void

/**
 * Makes a hook of a check. Whatever the check throws is the response to its own request alone, and the request does not go on
 * before the check has said yes, however the hook is called.
 */
export function createGuardHook(check: GuardCheck): GuardHook {
  // `next` is the fourth argument of the hooks that get a payload or an error: too late to reject anything.
  function guard(request: FastifyRequest, reply: FastifyReply, done?: unknown, next?: unknown) {
    if (typeof done === 'function') return runWithCallback(check, request, reply, done as Done)
    if (typeof next === 'function') return (next as Done)(misplacedGuard())
    return runAsPromise(check, request, reply)
  }
  return registerGuard(guard as GuardHook)
}

/** No promise for a check that has none. `done` runs the rest of the request: it is called outside of every `try`. */
function runWithCallback(check: GuardCheck, request: FastifyRequest, reply: FastifyReply, done: Done): void {
  let result
  try {
    result = check(request, reply)
  } catch (error) {
    return done(toError(error))
  }
  if (result === null) return done()
  if (result instanceof Promise) return finishAsync(result, request, reply, done)
  reject(reply, result, done)
}

/** After a redirect nothing else of the request runs: `done` is not called. */
function reject(reply: FastifyReply, result: Error | Redirect, done: Done): void {
  if (reply.sent) done(misplacedGuard())
  else if (result instanceof Redirect) reply.redirect(result.location, 303)
  else done(result)
}

function finishAsync(
  pendingCheck: Promise<GuardResult>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: Done
): void {
  const finish = (result: GuardResult) => {
    try {
      if (result === null) done()
      else reject(reply, result, done)
    } catch (error) {
      // An error of the handler or of another hook. Where the check gave no promise, Fastify sends it by itself.
      if (reply.sent) request.log.error({ err: error }, 'the request failed after its response was sent')
      else reply.send(error)
    }
  }
  // An error of the check is the response to send, as one that it returns.
  pendingCheck.then(finish, (error: unknown) => finish(toError(error)))
}

/** Whatever a check throws, nobody is let through: Fastify takes a callback without an error for a yes. */
function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('a guard failed', { cause: error })
}

async function runAsPromise(check: GuardCheck, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const result = await check(request, reply)
  if (result === null) return
  if (!(result instanceof Redirect)) throw result
  if (reply.sent) throw misplacedGuard()
  reply.redirect(result.location, 303)
  // Never settled: what the caller does next is for requests that go on.
  return new Promise(() => {})
}
