import type { Carrier } from '@drawbridge/logins'
import type { ErrorCode } from './error-catalogue.ts'

/** What a document says about a guard. */
export interface GuardTag {
  /** It takes one of these; none where it checks no credential. The security schemes of a document have their names. */
  readonly carriers: readonly Carrier[]
  /** The login must have all of these. */
  readonly scopes: readonly string[]
  /** How long ago the user may have authenticated, seconds; absent for any time. */
  readonly maxAgeSeconds?: number | undefined
  /** Whether navigations without a valid login are redirected. */
  readonly isRedirecting: boolean
}

/** Global, since two copies of this package may be loaded. */
const TAG = Symbol.for('drawbridge.guard-tag')

export function tagGuard<G extends object>(guard: G, tag: GuardTag): G {
  return Object.defineProperty(guard, TAG, { value: tag })
}

/** Undefined for any other hook. */
export function findGuardTag(hook: unknown): GuardTag | undefined {
  return (hook as { readonly [TAG]?: GuardTag } | undefined)?.[TAG]
}

/** A requirement of OpenAPI: all of these schemes, each with scopes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** Of guards in a row each requires one of its carriers: what a request may present. None where no guard has a carrier. */
export function toSecurity(guards: readonly GuardTag[], withScopes: boolean): readonly SecurityRequirement[] {
  const ofCarriers = guards.filter(({ carriers }) => carriers.length > 0)
  if (ofCarriers.length === 0) return []
  return ofCarriers.reduce<readonly SecurityRequirement[]>(
    (choices, { carriers, scopes }) =>
      choices.flatMap((chosen) =>
        carriers.map((carrier) => ({
          ...chosen,
          [carrier]: withScopes ? [...new Set([...(chosen[carrier] ?? []), ...scopes])] : []
        }))
      ),
    [{}]
  )
}

/** The errors that a guard sends. @param isUnsafe whether a page of another origin could do harm by the request. */
export function toErrors(
  { carriers, scopes, maxAgeSeconds }: GuardTag,
  isUnsafe: boolean
): readonly ErrorCode[] {
  const checksOrigin = isUnsafe && (carriers.length === 0 || carriers.includes('session'))
  const origin = checksOrigin ? (['DRAWBRIDGE_CROSS_ORIGIN'] as const) : []
  if (carriers.length === 0) return origin
  return [
    'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
    ...(carriers.length > 1 ? (['DRAWBRIDGE_TWO_USERS'] as const) : []),
    'DRAWBRIDGE_UNAUTHORIZED',
    ...(maxAgeSeconds === undefined ? [] : (['DRAWBRIDGE_REAUTHENTICATE'] as const)),
    ...(maxAgeSeconds !== undefined && carriers.includes('key')
      ? (['DRAWBRIDGE_KEY_NOT_ALLOWED'] as const)
      : []),
    ...origin,
    ...(scopes.length > 0 ? (['DRAWBRIDGE_INSUFFICIENT_SCOPE'] as const) : []),
    'DRAWBRIDGE_LOGINS_UNAVAILABLE'
  ]
}
