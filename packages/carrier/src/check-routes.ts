import { OptionError, parseOptions } from '@drawbridge/options'
import type { FastifyInstance, RouteOptions } from 'fastify'
import * as v from 'valibot'

const guards = new WeakSet<object>()
const guardFactories = new WeakMap<object, string>()

/** Where a guard can refuse a request. */
const GUARD_HOOKS = ['onRequest', 'preValidation', 'preHandler'] as const
const LATE_HOOKS = [
  'preParsing',
  'preSerialization',
  'onSend',
  'onResponse',
  'onError',
  'onTimeout',
  'onRequestAbort'
] as const

const routeConfigSchema = v.strictObject({ public: v.optional(v.boolean('must be true or false')) })

/** A hook that {@link checkRoutes} is to know. */
export function registerGuard<Guard extends object>(guard: Guard): Guard {
  guards.add(guard)
  return guard
}

/** A function that makes guards, and is none. */
export function registerGuardFactory(factory: object, name: string): void {
  guardFactories.set(factory, name)
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
  for (const hook of [...GUARD_HOOKS, ...LATE_HOOKS]) {
    for (const added of [route[hook] ?? []].flat()) {
      const factoryName = guardFactories.get(added)
      if (factoryName !== undefined)
        throw new OptionError(`${hook} of ${name} is ${factoryName} itself and must be what it returns`)
    }
  }
  for (const hook of LATE_HOOKS) {
    if ([route[hook] ?? []].flat().some((added) => guards.has(added)))
      throw new OptionError(`${hook} of ${name} has a guard, which must be at ${GUARD_HOOKS.join(', ')}`)
  }
  const config = route.config?.drawbridge
  if (config !== undefined) parseOptions(`config.drawbridge of ${name}`, routeConfigSchema, config)
}
