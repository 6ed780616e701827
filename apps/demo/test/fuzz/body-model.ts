export type Route = '/session/login' | '/token/login' | '/token/refresh' | '/token/logout' | '/session/logout'

const LIMIT = 16 * 1024

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

/**
 * A second implementation of the response to a JSON body without a valid refresh token. A well-formed sign-in has
 * several possible responses, and none here.
 */
export function expectedOutcome(route: Route, bytes: Buffer): number {
  if (bytes.length > LIMIT) return 413
  if (route === '/session/logout') return 200
  const parsed = bytes.length === 0 ? { ok: true, value: undefined } : parse(bytes)
  if (!parsed.ok) return 400
  const { value } = parsed as { readonly value: unknown }
  switch (route) {
    case '/token/logout':
      return value === undefined || value === null || hasOnly(value, []) || hasOnly(value, ['refresh_token'])
        ? 401
        : 400
    case '/token/refresh':
      return hasOnly(value, ['refresh_token']) ? 401 : 400
    case '/session/login':
    case '/token/login':
      return hasOnly(value, ['username', 'password']) ? NaN : 400
  }
}

/** Whether its password would be hashed, or nearly. */
export function isSignIn(bytes: Buffer): boolean {
  const parsed = parse(bytes)
  return parsed.ok && hasOnly(parsed.value, ['username', 'password'])
}

function parse(bytes: Buffer): Parsed {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return hasPrototypeKey(JSON.parse(text))
      ? { ok: false }
      : { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

/** Members that change prototypes. */
function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Object.hasOwn(value, '__proto__')) return true
  const { constructor } = value as { constructor: unknown }
  const isPrototypeKey =
    Object.hasOwn(value, 'constructor') &&
    typeof constructor === 'object' &&
    constructor !== null &&
    Object.hasOwn(constructor, 'prototype')
  return isPrototypeKey || Object.values(value).some(hasPrototypeKey)
}

/** An object with exactly these members, all non-empty strings. */
function hasOnly(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === names.length &&
    names.every((name) => {
      const member = (value as Record<string, unknown>)[name]
      return Object.hasOwn(value, name) && typeof member === 'string' && member !== ''
    })
  )
}
