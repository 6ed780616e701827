import { OptionError, parseOptions } from '@drawbridge/options'
import type { FastifyInstance, RouteOptions } from 'fastify'
import * as v from 'valibot'
import { errorCatalogue } from './open-api/error-catalogue.ts'

const guards = new WeakSet<object>()

/** Where a guard can reject a request. */
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

const routeConfigSchema = v.strictObject({
  public: v.optional(v.boolean('must be true or false')),
  errors: v.optional(
    v.array(
      v.picklist(Object.keys(errorCatalogue), 'must be the code of an error of ours that clients get'),
      'must be a list of codes'
    )
  )
})

/** Makes a guard known to {@link checkRoutes}. */
export function registerGuard<Guard extends object>(guard: Guard): Guard {
  guards.add(guard)
  return guard
}

/**
 * A guard at a hook where it can reject nothing, and a wrong `config.drawbridge`, are errors when the route is defined: at a
 * request they would let everybody in, or nobody.
 */
export function checkRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', checkRoute)
}

function checkRoute(route: RouteOptions): void {
  const name = `${[route.method].flat().join(', ')} ${route.url}`
  for (const hook of LATE_HOOKS) {
    if ([route[hook] ?? []].flat().some((added) => guards.has(added)))
      throw new OptionError(`${hook} of ${name} has a guard, which must be at ${GUARD_HOOKS.join(', ')}`)
  }
  const config = route.config?.drawbridge
  if (config !== undefined) parseOptions(`config.drawbridge of ${name}`, routeConfigSchema, config)
}
