import type { NewKeyLogin } from '../carrier-logins.ts'
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
/** The longest name of a key, in characters. */
export const MAX_KEY_NAME_LENGTH = 100

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
export function checkNewLogin(login: NewLogin): void {
  const { session, refresh, scopes, data, idleTimeoutSeconds, absoluteTimeoutSeconds } = login
  check([
    ...ownerRules(login),
    ['idleTimeoutSeconds', idleTimeoutSeconds, isIntegerFrom(0), 'a whole number, 0 for none'],
    ['absoluteTimeoutSeconds', absoluteTimeoutSeconds, isIntegerFrom(1), 'a whole number from 1'],
    hashRule('session.secretHash', session === undefined ? PLACEHOLDER_HASH : session.secretHash),
    hashRule('refresh.hash', refresh === undefined ? PLACEHOLDER_HASH : refresh.hash),
    hashRule('refresh.familyHash', refresh === undefined ? PLACEHOLDER_HASH : refresh.familyHash),
    ['scopes', scopes ?? [], isTextList, 'a list of strings']
  ])
  if (data !== undefined) toJsonObject(data)
}

/** As {@link checkNewLogin}, for a key. @throws TypeError that names the member. */
export function checkNewKey(login: NewKeyLogin): void {
  const { key, scopes, expiresAt, authenticatedAt } = login
  check([
    ...ownerRules(login),
    hashRule('key.secretHash', key.secretHash),
    textRule('key.name', key.name, 1, MAX_KEY_NAME_LENGTH),
    ['scopes', scopes, isTextList, 'a list of strings'],
    ['expiresAt', expiresAt, isIntegerFrom(0), 'ms since the epoch'],
    ['authenticatedAt', authenticatedAt ?? 0, isIntegerFrom(0), 'ms since the epoch']
  ])
}

/** As {@link checkNewLogin}, for a user who gets another name. @throws TypeError that names the member. */
export function checkRenamedUser(user: NewLogin['user']): void {
  check(userRules(user), 'renameUser')
}

function userRules(user: NewLogin['user']): readonly Rule[] {
  return [
    textRule('user.id', user.id, 1, MAX_TEXT_LENGTH),
    textRule('user.username', user.username, 0, MAX_TEXT_LENGTH)
  ]
}

/** Rules for the user of a new login, and for the device. */
function ownerRules({ user, device }: Pick<NewLogin, 'user' | 'device'>): readonly Rule[] {
  return [
    ...userRules(user),
    textRule('device.userAgent', device.userAgent, 0, MAX_USER_AGENT_LENGTH),
    textRule('device.address', device.address, 0, MAX_ADDRESS_LENGTH)
  ]
}

function check(rules: readonly Rule[], of = 'a new login'): void {
  for (const [member, value, isValid, requirement] of rules) {
    if (!isValid(value))
      throw new TypeError(`${member} of ${of} must be ${requirement}, got ${describeValue(value)}`)
  }
}

function textRule(member: string, value: unknown, min: number, max: number): Rule {
  const length = min === 0 ? `at most ${max}` : `${min} to ${max}`
  return [member, value, isText(min, max), `a string of ${length} characters`]
}

function hashRule(member: string, value: unknown): Rule {
  return [member, value, isHash, 'a SHA-256 as base64url']
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
