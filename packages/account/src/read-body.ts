import { malformedCredentials } from '@drawbridge/carrier'

/**
 * The members of a body, which no schema has checked where a route of the service's own passes it.
 *
 * @throws HttpError 400 for a member that is no text, or empty.
 */
export function readBody<const Name extends string>(
  body: unknown,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  const members = (typeof body === 'object' ? (body ?? {}) : {}) as Readonly<Record<string, unknown>>
  const entries = names.map((name) => {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (typeof value !== 'string' || value === '') throw malformedCredentials(name)
    return [name, value]
  })
  return Object.fromEntries(entries) as Record<Name, string>
}
