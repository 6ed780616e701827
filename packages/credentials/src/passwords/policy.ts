import { countCodePoints } from '../code-points.ts'
import { commonPasswords } from './common-passwords.ts'

export type PasswordPolicyRule = 'too-short' | 'too-long' | 'common' | 'context' | 'breached'

/** Why a new password is refused; `message` is a sentence for the person who chose it. */
export interface PasswordPolicyViolation {
  readonly rule: PasswordPolicyRule
  readonly message: string
}

export interface PolicyLimits {
  /** Code points, both. */
  readonly minLength: number
  readonly maxLength: number
  /** Words that anybody would try here; of themselves they make no password longer. */
  readonly contextWords: readonly string[]
  /** Asks a list of breached passwords; the signal says when nobody waits for the answer any more. */
  readonly isBreached?: IsBreached | undefined
  readonly breachCheckTimeoutMs: number
  /** Where that list rejects or does not answer in time: `open` goes by the other rules, `closed` refuses to judge. */
  readonly onBreachCheckFailure: 'fail-open' | 'fail-closed'
}

export type IsBreached = (password: string, signal: AbortSignal) => Promise<boolean>

/** What a new password must be. Length, and not being guessable; nothing about kinds of characters. */
export interface PasswordPolicy {
  /**
   * @param password in form NFC.
   * @returns null when it may be used.
   * @throws what `isBreached` rejects with, where `onBreachCheckFailure` is `closed`.
   */
  check(password: string, usernameKey: string): Promise<PasswordPolicyViolation | null>
}

/** Shorter context words are in too many good passwords by chance. */
export const MIN_WORD_LENGTH = 3

/**
 * @param onError told when `isBreached` fails and the password is judged by the other rules alone.
 */
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

/** A common password written several times over is as common. */
function checkCommon(lowerCased: string): PasswordPolicyViolation | null {
  if (!repeatedUnits(lowerCased).some((unit) => commonPasswords.has(unit))) return null
  return { rule: 'common', message: 'The password is one of those that are tried first. Choose another.' }
}

/** All texts of which this one consists, itself the first: `abab` is `abab` once and `ab` twice. */
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
  // The longest first, so that a word inside another does not break it.
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

/** Of an e-mail address, also what comes before the @. */
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

/** Whoever is asked may not know what a signal is, so that it is not left to them to stop. */
async function callWithTimeout<T>(ms: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`isBreached did not answer within ${ms} ms`)
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
