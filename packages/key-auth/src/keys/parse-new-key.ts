import type { NewKeyInput } from '@drawbridge/carrier'
import { isScope, MAX_KEY_NAME_LENGTH } from '@drawbridge/logins/carrier'
import { malformedKey } from '../errors.ts'

const MAX_SCOPES = 100

/**
 * Checks what may have come from a client as it is.
 *
 * @param now ms since the epoch.
 * @throws HttpError 400, whose message names the member and not its value.
 */
export function parseNewKey(input: unknown, now: number, maxLifetimeSeconds: number): NewKeyInput {
  const { name, scopes, expiresAt } = (input ?? {}) as Readonly<Record<string, unknown>>
  if (!isName(name)) throw malformedKey(`name must be 1 to ${MAX_KEY_NAME_LENGTH} visible characters`)
  if (!isScopes(scopes)) throw malformedKey(`scopes must be a list of at most ${MAX_SCOPES} scopes`)
  if (!isMoment(expiresAt) || expiresAt <= now)
    throw malformedKey('expiresAt must be in the future, ms since the epoch')
  if (expiresAt > now + maxLifetimeSeconds * 1000)
    throw malformedKey(`expiresAt must be at most ${maxLifetimeSeconds} seconds from now`)
  return { name, scopes: [...new Set(scopes)], expiresAt }
}

/** Well-formed, and without control characters, which would hide what the user is about to revoke. */
function isName(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_KEY_NAME_LENGTH || value.trim() === '') return false
  return value.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)
}

function isScopes(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_SCOPES && [...(value as unknown[])].every(isScope)
}

function isMoment(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
