import { OptionError } from '@drawbridge/options'

/**
 * A copy of an object that a service gives, which is to be JSON: so that a getter is read once and the service keeps no way
 * into it; frozen, since every request of the login gets it.
 *
 * @param name of the value, for the error.
 * @throws OptionError for what JSON cannot represent.
 */
export function copyJsonObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OptionError(`${name} must be an object, got ${describeType(value)}`)
  return copyJson(value, name, []) as Readonly<Record<string, unknown>>
}

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
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return 'a list'
  if (typeof value !== 'object') return `a ${typeof value}`
  return `an instance of ${value.constructor?.name ?? 'an unknown class'}`
}
