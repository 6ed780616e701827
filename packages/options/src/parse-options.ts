import * as v from 'valibot'
import { OptionError } from './option-error.ts'

/** Schema of a whole number in a range, both ends included. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(min, message), v.maxValue(max, message))
}

/**
 * Schema of an object with these methods (duck typing). A wrong value may be a connection string with a password, so
 * the error only names its type.
 *
 * @param what completes the message: `must be …`.
 */
export function objectWithMethods<T>(what: string, ...methods: readonly (keyof T & string)[]) {
  return v.custom<T>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
    wrongType(`must be ${what}`)
  )
}

/** Ends the rule of an option that is a secret, so that the error does not contain the value. */
export const VALUE_OMITTED = ' (value omitted)'

/** Schema of a function, which is not called. */
export function func<T extends (...args: never[]) => unknown>() {
  return v.custom<T>((value) => typeof value === 'function', wrongType('must be a function'))
}

/**
 * Schema of a clock that returns milliseconds. It is called once at creation, since a wrong one would fail much later.
 */
export function clock() {
  return v.custom<() => number>(
    isClock,
    ({ input }) =>
      `must be a function that returns milliseconds${GOT}${typeof input === 'function' ? 'one that does not' : typeName(input)}`
  )
}

function isClock(value: unknown): boolean {
  if (typeof value !== 'function') return false
  try {
    return Number.isFinite(value())
  } catch {
    return false
  }
}

const GOT = ', got '

function wrongType(rule: string) {
  return ({ input }: v.BaseIssue<unknown>) => `${rule}${GOT}${typeName(input)}`
}

/**
 * Parses options into a new frozen object.
 *
 * @param owner prefix of the option names in messages.
 * @throws OptionError for a wrong type, a value out of range or an unknown name:
 *   `tokenAuth.accessTokenTtlSeconds must be …, got "15m"`.
 */
export function parseOptions<const S extends v.GenericSchema>(
  owner: string,
  schema: S,
  input: unknown
): Readonly<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (result.success) return Object.freeze(result.output as object) as Readonly<v.InferOutput<S>>
  throw new OptionError(toMessage(owner, result.issues[0] as v.BaseIssue<unknown>))
}

function toMessage(owner: string, issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  const name = path === null ? owner : `${owner}.${path}`
  if (issue.type === 'strict_object' && issue.expected === 'never') return `${name} is not an option`
  if (issue.input === undefined) return `${name} is missing`
  if (issue.message.endsWith(VALUE_OMITTED) || issue.message.includes(GOT)) return `${name} ${issue.message}`
  if (issue.type === 'strict_object') return `${name} must be an object${GOT}${typeName(issue.input)}`
  const rule = issue.message.startsWith('must') ? issue.message : `must be ${issue.expected}`
  return `${name} ${rule}, got ${formatValue(issue.input)}`
}

const MAX_VALUE_LENGTH = 24

/**
 * Formats only a value that cannot be a secret passed to the wrong option: a short word or a number. Objects, long
 * strings and strings that could be a connection string or a password are described by their type.
 */
function formatValue(value: unknown): string {
  if (typeof value !== 'string') return typeName(value)
  return value.length <= MAX_VALUE_LENGTH && /^[\x20-\x3f\x41-\x7e]*$/.test(value)
    ? JSON.stringify(value)
    : typeName(value)
}

function typeName(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  return Array.isArray(value) ? 'an array' : 'an object'
}
