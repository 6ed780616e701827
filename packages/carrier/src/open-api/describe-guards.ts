import type { FastifyInstance, RouteOptions } from 'fastify'
import { findGuardTag, type GuardTag } from './guard-tag.ts'
import { markRoute, type RouteMark, toRouteSecurity } from './route-mark.ts'
import type { SecuritySchemes } from './describe-routes.ts'

interface Described {
  readonly routes: Array<readonly [FastifyInstance, RouteOptions]>
  schemes: SecuritySchemes
  /** Those that routes of ours define: @fastify/swagger fails on a `security` that names any other. */
  defined: ReadonlySet<string>
}

const DESCRIBED = Symbol('drawbridge.described')

type Describing = FastifyInstance & { [DESCRIBED]?: Described }

/**
 * Documents every route that has guards of ours: its `security`, where the route states none itself and our own routes are
 * in the document too; and for `describeErrors` a mark. Once all routes and hooks are there, since a hook of the whole
 * application may come after a route.
 *
 * @param schemes those of the carriers of a plugin.
 * @param hasRoutes whether the plugin has routes, which define the schemes.
 */
export function describeGuards(app: FastifyInstance, schemes: SecuritySchemes, hasRoutes: boolean): void {
  const described = ((app as Describing)[DESCRIBED] ??= startDescribing(app))
  described.schemes = { ...schemes, ...described.schemes }
  if (hasRoutes && app.hasDecorator('swagger'))
    described.defined = new Set([...described.defined, ...Object.keys(schemes)])
}

function startDescribing(app: FastifyInstance): Described {
  const described: Described = { routes: [], schemes: {}, defined: new Set() }
  app.addHook('onRoute', function (route) {
    described.routes.push([this, route])
  })
  app.addHook('onReady', (done) => {
    for (const [scope, route] of described.routes.splice(0)) describeRoute(scope, route, described)
    done()
  })
  return described
}

function describeRoute(scope: FastifyInstance, route: RouteOptions, { schemes, defined }: Described): void {
  const { public: isPublic = false, errors = [] } = route.config?.drawbridge ?? {}
  const guards = findGuards(scope, route)
  if (guards.length === 0 && errors.length === 0) return
  const { websocket, schema } = route as OtherOptions
  const statesSecurity = schema?.security !== undefined
  const isWebSocket = websocket === true
  const mark: RouteMark = { guards, errors, isPublic, isWebSocket, statesSecurity, schemes }
  const security = toRouteSecurity(mark, false)
  const areDefined = security.flatMap(Object.keys).every((name) => defined.has(name))
  route.schema = {
    ...(areDefined && security.length > 0 && { security }),
    ...markRoute(mark),
    ...route.schema
  }
}

/** Of @fastify/websocket and @fastify/swagger. */
interface OtherOptions {
  readonly websocket?: boolean
  readonly schema?: { readonly security?: unknown }
}

const GUARD_HOOKS = ['onRequest', 'preValidation', 'preHandler'] as const

type Hooks = Readonly<Record<(typeof GUARD_HOOKS)[number], readonly unknown[]>>

/** In the order in which they run. */
function findGuards(scope: FastifyInstance, route: RouteOptions): readonly GuardTag[] {
  const ofScope = findScopeHooks(scope)
  const hooks = GUARD_HOOKS.flatMap((name) => [...(ofScope?.[name] ?? []), ...[route[name] ?? []].flat()])
  return [...new Set(hooks)].flatMap((hook) => findGuardTag(hook) ?? [])
}

/** Those of `addHook`, of the scope and those above. Fastify has no public name for them. */
function findScopeHooks(scope: FastifyInstance): Hooks | undefined {
  for (
    let level: object | null = scope;
    level !== null;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    const symbol = Object.getOwnPropertySymbols(level).find(
      ({ description }) => description === 'fastify.hooks'
    )
    if (symbol !== undefined) return (level as Record<symbol, Hooks>)[symbol]
  }
  return undefined
}
