import * as v from 'valibot'

/**
 * A member of what another system has stored, by its path: `readPath(row, 'passport', 'user')`. Own members only, so that a
 * `__proto__` in the row names no user; undefined where there is none.
 */
export function readPath(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Readonly<Record<string | number, unknown>>)[name]
  }
  return found
}

/**
 * ms since the epoch of a time as stores have it: a Date, a text of ISO 8601, or ms already; null for none; NaN, which no
 * login is valid with, for anything else.
 */
export function readTime(value: unknown): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return value
  if (value instanceof Date) return value.getTime()
  return typeof value === 'string' ? Date.parse(value) : NaN
}

/** A member, or the path to one in a member. */
export type MemberPath = string | readonly string[]

/** The schema of a {@link MemberPath}, as the arguments of {@link readPath}. */
export const memberPath = v.pipe(
  v.custom<MemberPath>((value) => {
    const path = Array.isArray(value) ? [...(value as unknown[])] : [value]
    return path.length > 0 && path.every((name) => typeof name === 'string' && name !== '')
  }, 'must be the name of a member, or a list of names: its path'),
  v.transform((value): readonly string[] => Object.freeze(typeof value === 'string' ? [value] : [...value]))
)
