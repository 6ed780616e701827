import type { ErrorCode } from './error-catalogue.ts'
import type { SecuritySchemes } from './describe-routes.ts'
import { type GuardTag, type SecurityRequirement, toErrors, toSecurity } from './guard-tag.ts'

/** What is known of a route when the application is ready. */
export interface RouteMark {
  readonly guards: readonly GuardTag[]
  /** Others that its handler sends. */
  readonly errors: readonly ErrorCode[]
  readonly isPublic: boolean
  readonly isWebSocket: boolean
  /** Whether the route states its `security` itself. */
  readonly statesSecurity: boolean
  /** Of the carriers. */
  readonly schemes: SecuritySchemes
}

/** Fields with this beginning are copied from the schema of a route to its operation, by every transform that is in use. */
const FIELD = 'x-drawbridge'

/** Fields for the schema of a route. Not in the text of a document, where nothing takes the mark out of it. */
export function markRoute(mark: RouteMark): object {
  return { [FIELD]: Object.defineProperty({ ...mark }, 'toJSON', { value: () => undefined }) }
}

/** Takes the mark out of an operation. Undefined for a route without a guard. */
export function takeMark(operation: object): RouteMark | undefined {
  const marked = operation as { [FIELD]?: RouteMark }
  const mark = marked[FIELD]
  delete marked[FIELD]
  return mark
}

/** What a request may present; on a public route nothing too. @param withScopes OpenAPI 3.0 has them for OAuth 2 only. */
export function toRouteSecurity(
  { guards, isPublic }: RouteMark,
  withScopes: boolean
): readonly SecurityRequirement[] {
  const security = toSecurity(guards, withScopes && !isPublic)
  return isPublic && security.length > 0 ? [...security, {}] : security
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A guard lets everybody through to a public route; the check of the origin applies to it all the same. */
export function toRouteErrors(
  { guards, errors, isPublic, isWebSocket }: RouteMark,
  method: string
): readonly ErrorCode[] {
  const rejecting = guards.filter(({ carriers }) => !isPublic || carriers.length === 0)
  const isUnsafe = isWebSocket || !SAFE_METHODS.has(method)
  return [...new Set([...rejecting.flatMap((guard) => toErrors(guard, isUnsafe)), ...errors])]
}
