import { OptionError, parseOptions } from '@drawbridge/options'
import type { FastifyInstance, RouteOptions } from 'fastify'
import * as v from 'valibot'

const guards = new WeakSet<object>()
const makers = new WeakMap<object, string>()

/** Where a guard can refuse a request. */
const IN_TIME = ['onRequest', 'preValidation', 'preHandler'] as const
const TOO_LATE = [
  'preParsing',
  'preSerialization',
  'onSend',
  'onResponse',
  'onError',
  'onTimeout',
  'onRequestAbort'
] as const

const mark = v.strictObject({ public: v.optional(v.boolean('must be true or false')) })

/** A hook that {@link checkRoutes} is to know. */
export function knowGuard<Guard extends object>(guard: Guard): Guard {
  guards.add(guard)
  return guard
}

/** A function that makes guards, and is none. */
export function nameGuardMaker(maker: object, name: string): void {
  makers.set(maker, name)
}

/**
 * A guard where it can refuse nothing, a function that makes guards given as one, and a mark that is none are errors
 * when the route is defined: at a request they would let everybody in, or nobody.
 */
export function checkRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', checkRoute)
}

function checkRoute(route: RouteOptions): void {
  const name = `${[route.method].flat().join(', ')} ${route.url}`
  for (const hook of [...IN_TIME, ...TOO_LATE]) {
    for (const added of [route[hook] ?? []].flat()) {
      const maker = makers.get(added)
      if (maker !== undefined)
        throw new OptionError(`${hook} of ${name} is ${maker} itself and must be what it returns`)
    }
  }
  for (const hook of TOO_LATE) {
    if ([route[hook] ?? []].flat().some((added) => guards.has(added)))
      throw new OptionError(`${hook} of ${name} has a guard, which must be at ${IN_TIME.join(', ')}`)
  }
  const marked = route.config?.drawbridge
  if (marked !== undefined) parseOptions(`config.drawbridge of ${name}`, mark, marked)
}
