import { OptionError } from '@drawbridge/options'
import { describeType } from './json-copy.ts'

/** Whether a value is a scope (RFC 6749 section 3.3). */
export function isScope(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}

/**
 * Checks the scopes that a service gives to a login: the same rule for both carriers, since a token could not carry others.
 *
 * @param name of the option or member, for the error.
 * @throws OptionError
 */
export function parseScopes(given: unknown, name: string): readonly string[] {
  if (!Array.isArray(given))
    throw new OptionError(`${name} must be a list of scopes, got ${describeType(given)}`)
  const at = given.findIndex((scope) => !isScope(scope))
  if (at === -1) return given as readonly string[]
  const invalid: unknown = given[at]
  const got = typeof invalid === 'string' ? JSON.stringify(invalid) : describeType(invalid)
  throw new OptionError(`${name}[${at}] must be a scope as RFC 6749 section 3.3 has it, got ${got}`)
}
