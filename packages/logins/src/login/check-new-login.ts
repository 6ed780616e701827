import type { NewLogin } from '../logins.ts'
import { toJsonObject } from '../stores/login-codec.ts'

/** The limit of the token claims `sub` and `preferred_username`: no carrier could transport a longer text. */
const MAX_TEXT_LENGTH = 1024
/**
 * The longest address that is stored, in characters: an IPv6 address with a zone, or a name that a proxy
 * gives instead.
 */
export const MAX_ADDRESS_LENGTH = 64
const MAX_USER_AGENT_LENGTH = 1024

type Rule = readonly [
  member: string,
  value: unknown,
  isValid: (value: unknown) => boolean,
  requirement: string
]

/**
 * Rejects a login that a store could write but not read back, or that no carrier could transport: it would
 * exist, and nobody could use it.
 * @throws TypeError that names the member.
 */
export function checkNewLogin({ user, device, session, refresh, scopes, data, ...limits }: NewLogin): void {
  const rules: readonly Rule[] = [
    ['user.id', user.id, isText(1, MAX_TEXT_LENGTH), `a string of 1 to ${MAX_TEXT_LENGTH} characters`],
    [
      'user.username',
      user.username,
      isText(0, MAX_TEXT_LENGTH),
      `a string of at most ${MAX_TEXT_LENGTH} characters`
    ],
    [
      'device.userAgent',
      device.userAgent,
      isText(0, MAX_USER_AGENT_LENGTH),
      `a string of at most ${MAX_USER_AGENT_LENGTH} characters`
    ],
    [
      'device.address',
      device.address,
      isText(0, MAX_ADDRESS_LENGTH),
      `a string of at most ${MAX_ADDRESS_LENGTH} characters`
    ],
    ['idleTimeoutSeconds', limits.idleTimeoutSeconds, isIntegerFrom(0), 'a whole number, 0 for none'],
    ['absoluteTimeoutSeconds', limits.absoluteTimeoutSeconds, isIntegerFrom(1), 'a whole number from 1'],
    [
      'session.secretHash',
      session === undefined ? PLACEHOLDER_HASH : session.secretHash,
      isHash,
      'a SHA-256 as base64url'
    ],
    [
      'refresh.hash',
      refresh === undefined ? PLACEHOLDER_HASH : refresh.hash,
      isHash,
      'a SHA-256 as base64url'
    ],
    [
      'refresh.familyHash',
      refresh === undefined ? PLACEHOLDER_HASH : refresh.familyHash,
      isHash,
      'a SHA-256 as base64url'
    ],
    ['scopes', scopes ?? [], isTextList, 'a list of strings']
  ]
  for (const [member, value, isValid, requirement] of rules) {
    if (!isValid(value))
      throw new TypeError(`${member} of a new login must be ${requirement}, got ${describeValue(value)}`)
  }
  if (data !== undefined) toJsonObject(data)
}

/** The SHA-256 of the empty string: stands in for a member that is left out. */
const PLACEHOLDER_HASH = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'

/** A SHA-256 as base64url, or its first 16 bytes. */
const isHash = (value: unknown) => typeof value === 'string' && /^[\w-]{22,43}$/.test(value)
const isIntegerFrom = (min: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= min
const isText = (min: number, max: number) => (value: unknown) =>
  typeof value === 'string' && value.length >= min && value.length <= max && value.isWellFormed()
const isTextList = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string')

/** Describes a value for an error message. Never contains the value, which may be a secret. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length}`
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`
}
