import { OptionError } from '@drawbridge/options'
import type { Login } from './login.ts'
import type { ExtendPrincipal, PrincipalExtension } from './principal.ts'

const OPTION = 'logins.extendPrincipal'

/**
 * The members that a service adds to the principal of a login, copied as JSON, since tokens and snapshots
 * carry them.
 * @throws OptionError for what JSON cannot represent, so that the mistake appears where the login is made.
 */
export function toPrincipalExtension(
  extendPrincipal: ExtendPrincipal | undefined,
  login: Login
): PrincipalExtension {
  if (extendPrincipal === undefined) return {}
  const { session: _, refresh: __, ...visible } = login
  const returned: unknown = readOrThrow(OPTION, () => extendPrincipal(visible))
  if (returned === undefined || returned === null) return {}
  if (typeof returned !== 'object' || Array.isArray(returned))
    throw new OptionError(`${OPTION} must return an object, got ${describeType(returned)}`)
  return copyJson(returned, `${OPTION}()`, []) as PrincipalExtension
}

/**
 * A copy, so that a getter is read once and the service keeps no way into it; frozen, since every request of
 * the login gets it.
 */
function copyJson(value: unknown, name: string, ancestors: readonly unknown[]): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return value
  if (ancestors.includes(value)) throw new OptionError(`${name} must be JSON, got a part of itself`)
  const path = [...ancestors, value]
  if (Array.isArray(value))
    return Object.freeze(value.map((item, at) => copyJson(item, `${name}[${at}]`, path)))
  if (!isPlain(value)) throw new OptionError(`${name} must be JSON, got ${describeType(value)}`)
  const members = Object.keys(value).map((key) => {
    const member = `${name}.${key}`
    return [key, readOrThrow(member, () => value[key]), member] as const
  })
  const copies = members
    .filter(([, given]) => given !== undefined)
    .map(([key, given, member]) => [key, copyJson(given, member, path)] as const)
  return Object.freeze(Object.fromEntries(copies))
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function readOrThrow(name: string, read: () => unknown): unknown {
  try {
    return read()
  } catch (cause) {
    throw new OptionError(`${name} threw an error`, { cause })
  }
}

/** Describes the type of a value for an error message; never contains the value itself. */
export function describeType(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (value instanceof Promise) return 'a promise: it must not be async'
  if (typeof value !== 'object') return `a ${typeof value}`
  return `an instance of ${value.constructor?.name ?? 'an unknown class'}`
}
