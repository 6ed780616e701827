import { checkNewLogin, describeValue } from '../login/check-new-login.ts'
import { hasUserTag, isLoginId, type Login } from '../login/login.ts'
import { createRecord } from '../login/new-record.ts'
import type { NewAdoptedLogin } from './carrier-adoptions.ts'

/** The last moment that a Date has, ms since the epoch. */
const MAX_MOMENT = 8_640_000_000_000_000

/**
 * The record of a login for an old credential. No limit of the old one is extended; a time of another clock that is ahead of
 * ours is now.
 *
 * @param at ms since the epoch.
 * @throws TypeError that names a member which no store could give back.
 */
export function createAdoptedRecord(input: NewAdoptedLogin, at: number, touchIntervalSeconds: number): Login {
  checkNewLogin(input)
  checkId(input)
  checkMoment('authenticatedAt', input.authenticatedAt)
  checkMoment('expiresAt', input.expiresAt)
  const record = createRecord(input, at, touchIntervalSeconds)
  return Object.freeze({
    ...record,
    id: input.id,
    authenticatedAt: Math.floor(Math.min(input.authenticatedAt, at)),
    expiresAt: Math.floor(Math.min(input.expiresAt, record.expiresAt))
  })
}

/** A moment that every store can store, ms since the epoch. */
export function latestMoment(moment: number): number {
  return Math.floor(Math.min(moment, MAX_MOMENT))
}

function checkId({ id, user }: NewAdoptedLogin): void {
  if (isLoginId(id) && hasUserTag(id, user.id)) return
  throw new TypeError(
    `id of an adopted login must be one that loginIdFrom made for its user, got ${describeValue(id)}`
  )
}

function checkMoment(member: string, value: number): void {
  if (value >= 0) return
  throw new TypeError(`${member} of an adopted login must be ms since the epoch, got ${describeValue(value)}`)
}
