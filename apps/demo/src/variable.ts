import { isIP } from 'node:net'

/** The value of an environment variable, or what is wrong with it. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

/** One environment variable: its name, and the parser of its text. */
export interface Variable<T> {
  readonly name: string
  read(text: string | undefined): ParseResult<T>
}

export interface Rule<T> {
  /** Completes a sentence that begins with the variable's name. */
  readonly requirement: string
  /** Undefined where the text breaks the rule. */
  readonly parse: (text: string) => T | undefined
  /** The part of the text that an error message may contain. Default: all of it. */
  readonly redact?: (text: string) => string
}

/** An empty variable counts as absent, as compose files and unit files leave them. */
export function variable<T, F>(
  name: string,
  fallback: F,
  { requirement, parse, redact }: Rule<T>
): Variable<T | F> {
  return {
    name,
    read(raw) {
      const text = raw?.trim() ?? ''
      if (text === '') return { ok: true, value: fallback }
      const value = parse(text)
      if (value !== undefined) return { ok: true, value }
      return { ok: false, problem: `${name} ${requirement}, got ${(redact ?? JSON.stringify)(text)}` }
    }
  }
}

const splitList = (text: string): readonly string[] => text.split(',').map((item) => item.trim())

const freezeIfAll = (items: readonly string[], rule: (item: string) => boolean) =>
  items.every(rule) ? Object.freeze(items) : undefined

export function wholeNumber<F = number>(
  name: string,
  fallback: F,
  min: number,
  max: number
): Variable<number | F> {
  return variable(name, fallback, {
    requirement: `must be a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
      return value >= min && value <= max ? value : undefined
    }
  })
}

export function oneOf<const T extends string>(name: string, fallback: T, values: readonly T[]): Variable<T> {
  return variable(name, fallback, {
    requirement: `must be one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => value === text)
  })
}

export function text(name: string, fallback: string): Variable<string> {
  return variable(name, fallback, {
    requirement: 'must be 200 printable characters at most',
    parse: (value) => (/^[\x20-\x7e]{1,200}$/.test(value) ? value : undefined)
  })
}

/** A cookie name without a prefix: in production `__Host-` is put before it. */
export function cookieName(name: string, fallback: string): Variable<string> {
  return variable(name, fallback, {
    requirement: 'must be letters, digits, - and _, without a prefix like __Host-',
    parse: (value) => (/^(?!__)[A-Za-z0-9_-]{1,64}$/.test(value) ? value : undefined)
  })
}

export function path<F>(name: string, fallback: F): Variable<string | F> {
  return variable(name, fallback, {
    requirement: 'must be a path',
    parse: (value) => (value.includes('\0') ? undefined : value)
  })
}

export function hostName(name: string, fallback: string): Variable<string> {
  return variable(name, fallback, {
    requirement: 'must be an address or a host name to listen on',
    parse: (value) =>
      isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value) ? value : undefined
  })
}

export function origins(name: string): Variable<readonly string[]> {
  const isOrigin = (item: string) =>
    /^https?:/.test(item)
      ? !item.includes('*') && URL.canParse(item) && new URL(item).origin === item
      : /^(?!file:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9_][a-z0-9._-]*(?::\d+)?$/.test(item)
  return variable(name, Object.freeze([]), {
    requirement:
      'must be origins like https://app.example, in lower case, without a path and separated by commas',
    parse: (value) => freezeIfAll(splitList(value), isOrigin)
  })
}

const MIN_SECRET_BYTES = 32

/** The first secret signs, all verify. */
export function secrets(name: string): Variable<readonly string[] | undefined> {
  const isStrongSecret = (item: string) =>
    Buffer.byteLength(item) >= MIN_SECRET_BYTES && new Set(item).size >= 8
  return variable(name, undefined, {
    requirement: `must be ${MIN_SECRET_BYTES} bytes or more that are hard to guess, or several such separated by commas`,
    parse: (value) => freezeIfAll(splitList(value), isStrongSecret),
    redact: (value) =>
      `${splitList(value)
        .map((item) => Buffer.byteLength(item))
        .join(' and ')} bytes`
  })
}

/** Secrets of another system, of any length, as that has them. */
export function oldSecrets(name: string): Variable<readonly string[] | undefined> {
  return variable(name, undefined, {
    requirement: 'must be the secret of the other system, or several separated by commas',
    parse: (value) => freezeIfAll(splitList(value), (item) => item !== ''),
    redact: (value) => `${splitList(value).length} of them`
  })
}

/** The member of an object, by its path. */
export function memberPath(name: string): Variable<readonly string[] | undefined> {
  return variable(name, undefined, {
    requirement: 'must be the name of a member like user_id, or its path like passport.user',
    parse: (value) => freezeIfAll(value.split('.'), (item) => /^[A-Za-z_]\w{0,63}$/.test(item))
  })
}

/** A moment, such as 2027-02-01 or 2027-02-01T12:00:00Z. */
export function date(name: string): Variable<Date | undefined> {
  return variable(name, undefined, {
    requirement: 'must be a date like 2027-02-01, or with a time of UTC like 2027-02-01T12:00:00Z',
    parse: (value) => {
      const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(value) ? Date.parse(value) : NaN
      return Number.isNaN(time) ? undefined : new Date(time)
    }
  })
}

/** Usernames. */
export function names(name: string): Variable<readonly string[]> {
  return variable(name, Object.freeze([]), {
    requirement: 'must be usernames separated by commas',
    parse: (value) => freezeIfAll(splitList(value), (item) => item !== '')
  })
}

/** Where users are stored. */
export type DatabaseUrl =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

export function databaseUrl(name: string): Variable<DatabaseUrl | undefined> {
  return variable(name, undefined, {
    requirement: 'must be sqlite:<path> or postgres://<user>@<host>/<database>',
    parse: parseDatabaseUrl,
    redact: redactUrl
  })
}

function parseDatabaseUrl(value: string): DatabaseUrl | undefined {
  const path = /^sqlite:(.+)$/.exec(value)?.[1]
  if (path !== undefined) return { kind: 'sqlite', path }
  return /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value)
    ? { kind: 'postgres', url: value }
    : undefined
}

/** The scheme alone: a password may be anywhere in a malformed URL. */
export function redactUrl(value: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(value)?.[0]
  return scheme === undefined ? 'no URL' : JSON.stringify(`${scheme}…`)
}

/** Names of address ranges, as Fastify knows them. */
const ADDRESS_RANGES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

/**
 * A number of proxies is not accepted: Fastify takes a number for "trust nobody", because it cannot tell a proxy from
 * a client that writes X-Forwarded-For itself.
 */
export function trustProxy(name: string): Variable<boolean | readonly string[]> {
  return variable<boolean | readonly string[], boolean>(name, false, {
    requirement: `must be true, false, or the proxies' addresses, networks like 10.0.0.0/8 and ${ADDRESS_RANGES.join(', ')} separated by commas`,
    parse: (value) => {
      if (value === 'true' || value === 'false') return value === 'true'
      return freezeIfAll(splitList(value), (item) => ADDRESS_RANGES.includes(item) || isNetwork(item))
    }
  })
}

function isNetwork(item: string): boolean {
  const [address = '', prefix, ...rest] = item.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}
