import { inspect } from 'node:util'
import * as v from 'valibot'
import { OptionError } from './errors.ts'

/** A whole number in a range, both ends included. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(min, message), v.maxValue(max, message))
}

/** Something made elsewhere and handed in: told by the functions it has. */
export function instanceWith<T>(what: string, ...methods: readonly (keyof T & string)[]) {
  return v.custom<T>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
    `must be ${what}`
  )
}

export function aFunction<T extends (...args: never[]) => unknown>() {
  return v.custom<T>((value) => typeof value === 'function', 'must be a function')
}

/**
 * Reads options into a new frozen object. Wrong types, ranges and unknown names are an {@link OptionError} that
 * names the option and says what was got: `tokenAuth.accessTokenTtlSeconds must be …, got "15m"`.
 */
export function parseOptions<const S extends v.GenericSchema>(
  owner: string,
  schema: S,
  input: unknown
): Readonly<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (result.success) return Object.freeze(result.output as object) as Readonly<v.InferOutput<S>>
  throw new OptionError(sentence(owner, result.issues[0] as v.BaseIssue<unknown>))
}

function sentence(owner: string, issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  const name = path === null ? owner : `${owner}.${path}`
  if (issue.type === 'strict_object' && issue.expected === 'never') return `${name} is not an option`
  if (issue.input === undefined) return `${name} is missing`
  const rule = issue.message.startsWith('must') ? issue.message : 'must be an object'
  return `${name} ${rule}, got ${shown(issue.input)}`
}

/** Long or deep values are cut: an options object may hold secrets further down. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  return inspect(value, { depth: 0, breakLength: Infinity })
}
