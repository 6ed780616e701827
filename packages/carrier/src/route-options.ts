import * as v from 'valibot'
import { isRoutePath } from './route-path.ts'

/** The option `routes` of a plugin: all of its routes or none, or, by name, where one is; false leaves it out. */
export type RoutesOption<Name extends string> = boolean | { readonly [Each in Name]?: string | false }

/** The same of a plugin with routes that are off by default: true is the default path. */
export type OptionalRoutesOption<Name extends string> =
  | boolean
  | { readonly [Each in Name]?: string | boolean }

/** Where each route is, below the prefix of its plugin; false where it is left out. */
export type RoutePaths<Name extends string> = { readonly [Each in Name]: string | false }

const path = v.custom<string | false>(
  (value) => value === false || isRoutePath(value),
  'must be false or a path like "/login"'
)

const pathOrTrue = v.custom<string | boolean>(
  (value) => typeof value === 'boolean' || isRoutePath(value),
  'must be true, false or a path like "/login"'
)

/**
 * Schema of a {@link RoutesOption}, or of an {@link OptionalRoutesOption}.
 *
 * @param defaults the path of each route.
 * @param offByDefault those that are there only where they are named.
 * @param switchable those that may be named by true: all, where some are off by default.
 */
export function routesOption<const Name extends string>(
  defaults: Readonly<Record<Name, string>>,
  offByDefault: readonly NoInfer<Name>[] = [],
  switchable: readonly NoInfer<Name>[] = offByDefault.length > 0 ? (Object.keys(defaults) as Name[]) : []
) {
  const names = Object.keys(defaults) as Name[]
  const all = v.boolean(`must be true or false, or an object with ${names.join(', ')}`)
  const byName = v.strictObject(
    Object.fromEntries(names.map((name) => [name, v.optional(switchable.includes(name) ? pathOrTrue : path)]))
  )
  const toPaths = (given: unknown) => {
    const named: Partial<Record<Name, string | boolean>> = typeof given === 'boolean' ? {} : (given as object)
    const toPath = (name: Name) => {
      const chosen = named[name] ?? !offByDefault.includes(name)
      return chosen === true ? defaults[name] : chosen
    }
    const entries = names.map((name) => [name, given !== false && toPath(name)])
    return Object.fromEntries(entries) as RoutePaths<Name>
  }
  return v.optional(
    v.pipe(
      v.lazy((input): v.GenericSchema => (typeof input === 'object' && input !== null ? byName : all)),
      v.transform(toPaths),
      v.check((paths: RoutePaths<Name>) => areDistinct(paths), 'must have another path for each route')
    ),
    true
  )
}

/** Whether a plugin has routes at all. */
export function hasRoutes(paths: RoutePaths<string>): boolean {
  return Object.values(paths).some((value) => value !== false)
}

function areDistinct(paths: RoutePaths<string>): boolean {
  const present = Object.values(paths).filter((value) => value !== false)
  return new Set(present.map((value) => value.toLowerCase())).size === present.length
}
