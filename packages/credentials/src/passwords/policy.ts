import { countCodePoints } from '../code-points.ts'
import { commonPasswords } from './common-passwords.ts'

/** The rules for new passwords, in the order in which they are checked. */
export type PasswordPolicyRule = 'too-short' | 'too-long' | 'common' | 'context' | 'breached'

/** Why a new password is rejected; `message` is a sentence for the user. */
export interface PasswordPolicyViolation {
  readonly rule: PasswordPolicyRule
  readonly message: string
}

/** Settings of the policy. */
export interface PolicyLimits {
  /** In code points, as `maxLength`. */
  readonly minLength: number
  readonly maxLength: number
  /** Words that an attacker would try here; they do not count towards the minimum length. */
  readonly contextWords: readonly string[]
  /** Looks a password up in a list of breached ones; the signal is aborted at the timeout. */
  readonly isBreached?: IsBreached | undefined
  readonly breachCheckTimeoutMs: number
  /** When `isBreached` rejects or times out: `fail-open` applies the other rules alone, `fail-closed` rejects. */
  readonly onBreachCheckFailure: 'fail-open' | 'fail-closed'
}

/** Resolves whether a password, in form NFC, is known to be breached. `signal` is aborted at the timeout. */
export type IsBreached = (password: string, signal: AbortSignal) => Promise<boolean>

/** The rules for new passwords: length, and not being easy to guess; no rules about kinds of characters. */
export interface PasswordPolicy {
  /**
   * @param password in form NFC.
   * @returns null when the password is allowed.
   * @throws what `isBreached` rejects with, if `onBreachCheckFailure` is `fail-closed`.
   */
  check(password: string, usernameKey: string): Promise<PasswordPolicyViolation | null>
}

/** Code points. Shorter context words occur in too many good passwords by chance. */
export const MIN_WORD_LENGTH = 3

/** @param onError called when `isBreached` fails and only the other rules are applied. */
export function createPasswordPolicy(
  limits: PolicyLimits,
  onError: (error: unknown) => void
): PasswordPolicy {
  const contextWords = limits.contextWords.map((word) => word.normalize('NFC').toLowerCase())
  return {
    check: async (password, usernameKey) => {
      const lowerCased = password.toLowerCase()
      return (
        checkLength(password, limits) ??
        checkCommon(lowerCased) ??
        checkContext(lowerCased, [...contextWords, ...usernameWords(usernameKey)], limits.minLength) ??
        (await checkBreached(password, limits, onError))
      )
    }
  }
}

function checkLength(
  password: string,
  { minLength, maxLength }: PolicyLimits
): PasswordPolicyViolation | null {
  const length = countCodePoints(password)
  if (length < minLength) {
    return { rule: 'too-short', message: `The password must have at least ${minLength} characters.` }
  }
  if (length <= maxLength) return null
  return { rule: 'too-long', message: `The password must have at most ${maxLength} characters.` }
}

/** A repeated common password is as common. */
function checkCommon(lowerCased: string): PasswordPolicyViolation | null {
  if (!repeatedUnits(lowerCased).some((unit) => commonPasswords.has(unit))) return null
  return { rule: 'common', message: 'The password is one of the most common. Choose another.' }
}

/** All texts of which this one is a repetition, including itself: `abab` is `abab` once and `ab` twice. */
function repeatedUnits(text: string): string[] {
  const units: string[] = []
  for (let times = 1; times <= text.length; times += 1) {
    const unit = text.slice(0, text.length / times)
    if (text.length % times === 0 && unit.repeat(times) === text) units.push(unit)
  }
  return units
}

function checkContext(
  lowerCased: string,
  words: readonly string[],
  minLength: number
): PasswordPolicyViolation | null {
  // The longest first, so that removing a shorter word does not split a longer one.
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const remainder = longestFirst.reduce((text, word) => text.replaceAll(word, ''), lowerCased)
  if (remainder === lowerCased || countCodePoints(remainder) >= minLength) return null
  return {
    rule: 'context',
    message:
      'The username and the name of the service make a password easy to guess. ' +
      `Leave them out, or have at least ${minLength} characters besides.`
  }
}

/** The username; for an e-mail address also its local part. */
function usernameWords(usernameKey: string): string[] {
  const words = [usernameKey, usernameKey.split('@', 1)[0] ?? '']
  return words.filter((word) => countCodePoints(word) >= MIN_WORD_LENGTH)
}

async function checkBreached(
  password: string,
  { isBreached, breachCheckTimeoutMs, onBreachCheckFailure }: PolicyLimits,
  onError: (error: unknown) => void
): Promise<PasswordPolicyViolation | null> {
  if (isBreached === undefined) return null
  try {
    const breached = await callWithTimeout(breachCheckTimeoutMs, (signal) => isBreached(password, signal))
    if (!breached) return null
  } catch (error) {
    if (onBreachCheckFailure === 'fail-closed') throw error
    onError(error)
    return null
  }
  return { rule: 'breached', message: 'The password is known from a data breach. Choose another.' }
}

/** Does not rely on `call` to observe the signal. */
async function callWithTimeout<T>(ms: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`isBreached did not resolve within ${ms} ms`)
      reject(error)
      controller.abort(error)
    }, ms)
  })
  try {
    return await Promise.race([call(controller.signal), timeout])
  } finally {
    clearTimeout(timer)
  }
}
