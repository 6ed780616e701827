import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { misplacedGuard } from './errors.ts'
import { registerGuard } from './check-routes.ts'

/**
 * A hook that lets a request through or refuses it, at `onRequest`, `preValidation` or `preHandler`. Fastify calls it
 * with a callback; a hook of the service's own may call it without one, and then waits for the promise:
 * `await guard(request, reply)`.
 */
export interface GuardHook {
  (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void
  /** Rejects with the answer to give. */
  (request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** Null lets the request through; an error is the answer to give. A promise only where the store must be asked. */
export type GuardCheck = (
  request: FastifyRequest,
  reply: FastifyReply
) => Error | null | Promise<Error | null>

type Done = (error?: Error) => void

/**
 * Makes a hook of a check. Whatever the check throws is the answer to its own request alone, and nothing goes on
 * before the check has said yes, however the hook is called.
 */
export function createGuardHook(check: GuardCheck): GuardHook {
  // `next` is the fourth argument of the hooks that are given a payload or an error: too late to refuse anything.
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
    return done(error as Error)
  }
  if (result === null) return done()
  if (result instanceof Promise) return void finishAsync(result, request, reply, done)
  done(reply.sent ? misplacedGuard() : result)
}

async function finishAsync(
  pendingCheck: Promise<Error | null>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: Done
): Promise<void> {
  const result = await pendingCheck.catch((error: Error) => error)
  try {
    if (result === null) done()
    else done(reply.sent ? misplacedGuard() : result)
  } catch (error) {
    // Of the handler or of another hook. Where nothing was waited for, Fastify answers it by itself.
    if (reply.sent) request.log.error({ err: error }, 'the request failed after it was answered')
    else reply.send(error)
  }
}

async function runAsPromise(check: GuardCheck, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const error = await check(request, reply)
  if (error !== null) throw error
}
