import type { NewLogin } from './logins.ts'
import { jsonObject } from './stores/login-codec.ts'

/** As in a token (`sub`, `preferred_username`): what is longer no carrier could carry. */
const MAX_TEXT = 1024
/** An IPv6 address with a zone; or a name that a proxy gives instead. */
export const MAX_ADDRESS = 64
const MAX_USER_AGENT = 1024

type Rule = readonly [member: string, value: unknown, isRight: (value: unknown) => boolean, must: string]

/**
 * Refuses what a store would write and could not read back, or no carrier could carry: the login would be there and nobody
 * could use it.
 *
 * @throws TypeError that names the member.
 */
export function checkNewLogin({ user, device, session, refresh, scopes, data, ...limits }: NewLogin): void {
  const rules: readonly Rule[] = [
    ['user.id', user.id, isText(1, MAX_TEXT), `a string of 1 to ${MAX_TEXT} characters`],
    ['user.username', user.username, isText(0, MAX_TEXT), `a string of at most ${MAX_TEXT} characters`],
    [
      'device.userAgent',
      device.userAgent,
      isText(0, MAX_USER_AGENT),
      `a string of at most ${MAX_USER_AGENT} characters`
    ],
    [
      'device.address',
      device.address,
      isText(0, MAX_ADDRESS),
      `a string of at most ${MAX_ADDRESS} characters`
    ],
    ['idleSeconds', limits.idleSeconds, isWholeFrom(0), 'a whole number, 0 for none'],
    ['absoluteSeconds', limits.absoluteSeconds, isWholeFrom(1), 'a whole number from 1'],
    [
      'session.secretHash',
      session === undefined ? HASH : session.secretHash,
      isHash,
      'a SHA-256 as base64url'
    ],
    ['refresh.hash', refresh === undefined ? HASH : refresh.hash, isHash, 'a SHA-256 as base64url'],
    [
      'refresh.familyHash',
      refresh === undefined ? HASH : refresh.familyHash,
      isHash,
      'a SHA-256 as base64url'
    ],
    ['scopes', scopes ?? [], areTexts, 'a list of strings']
  ]
  for (const [member, value, isRight, must] of rules) {
    if (!isRight(value))
      throw new TypeError(`${member} of a new login must be ${must}, got ${typeName(value)}`)
  }
  if (data !== undefined) jsonObject(data)
}

/** Of nothing: stands for what is left out. */
const HASH = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'

/** Or the first 16 bytes of one. */
const isHash = (value: unknown) => typeof value === 'string' && /^[\w-]{22,43}$/.test(value)
const isWholeFrom = (least: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= least
const isText = (least: number, most: number) => (value: unknown) =>
  typeof value === 'string' && value.length >= least && value.length <= most && value.isWellFormed()
const areTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string')

/** Never the value: it may be anything, a secret too. */
function typeName(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length}`
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`
}
