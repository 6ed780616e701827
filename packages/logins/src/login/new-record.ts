import type { NewKeyLogin } from '../carrier-logins.ts'
import type { NewLogin } from '../logins.ts'
import { firstState } from '../stores/rotation.ts'
import { type Login, newLoginId } from './login.ts'

/** The record of a new login, as the store gets it. @param at ms since the epoch. */
export function createRecord(input: NewLogin, at: number, touchIntervalSeconds: number): Login {
  return Object.freeze({
    id: newLoginId(input.user.id),
    userId: input.user.id,
    username: input.user.username,
    createdAt: at,
    authenticatedAt: at,
    expiresAt: at + input.absoluteTimeoutSeconds * 1000,
    idleTimeoutSeconds: idleTimeoutFor(input, touchIntervalSeconds),
    lastSeenAt: at,
    device: input.device,
    session: input.session === undefined ? null : { secretHash: input.session.secretHash, expiresAt: null },
    refresh: input.refresh === undefined ? null : firstState(input.refresh, at),
    key: null,
    scopes: input.scopes === undefined ? null : Object.freeze([...input.scopes]),
    data: Object.freeze({ ...input.data })
  })
}

/** The record of a new key. It has no idle limit: a program that runs once a year is not to lose it. @param at ms since the epoch. */
export function createKeyRecord(input: NewKeyLogin, at: number): Login {
  const { user, device, key, scopes, expiresAt } = input
  return Object.freeze({
    id: newLoginId(user.id),
    userId: user.id,
    username: user.username,
    createdAt: at,
    authenticatedAt: input.authenticatedAt ?? at,
    expiresAt,
    idleTimeoutSeconds: 0,
    lastSeenAt: at,
    device,
    session: null,
    refresh: null,
    key: Object.freeze({ secretHash: key.secretHash, name: key.name }),
    scopes: Object.freeze([...scopes]),
    data: Object.freeze({})
  })
}

/** A refresh is written at once, and the use of a session up to one touch interval later. */
function idleTimeoutFor({ idleTimeoutSeconds, session }: NewLogin, touchIntervalSeconds: number): number {
  const isTouched = idleTimeoutSeconds !== 0 && session !== undefined
  return isTouched ? idleTimeoutSeconds + touchIntervalSeconds : idleTimeoutSeconds
}
