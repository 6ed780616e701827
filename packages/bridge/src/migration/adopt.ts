import { createHash } from 'node:crypto'
import { deviceFrom, type HttpError, outcomeError } from '@drawbridge/carrier'
import type { Login, Principal } from '@drawbridge/logins'
import { type AdoptResult, loginIdFrom, type NewAdoptedLogin } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import type { Claimed, Leader, LinkedLogin } from './decide-lead.ts'
import { beginMoment, type Engine, type Moment } from './engine.ts'
import type { OldCredential } from './old-side.ts'

/**
 * The login of an old credential. It has the limits that the old one has, unless the service sets others: with ours, users
 * would be signed out whom the other system would not have. When the user authenticated is what the old credential says, or
 * long ago, so that whoever asks for a fresh sign-in gets one.
 *
 * Its id is the same whether the login is made or not, on every node: the log has one id for a user's requests before and after.
 */
function toNewLogin(
  { migration, ours }: Pick<Engine, 'migration' | 'ours'>,
  request: FastifyRequest,
  { key, secret, user, authenticatedAt, expiresAt }: OldCredential,
  { now }: Pick<Moment, 'now'>
): NewAdoptedLogin {
  const { name, acceptUntil, idleTimeoutSeconds = 0 } = migration
  const left = expiresAt === null ? ours.absoluteTimeoutSeconds : Math.ceil((expiresAt - now) / 1000)
  const { absoluteTimeoutSeconds = Math.max(1, left) } = migration
  const digest = createHash('sha256').update(
    JSON.stringify(['drawbridge adopted login', name, key ?? secret])
  )
  return {
    id: loginIdFrom(user.id, digest.digest()),
    user,
    device: deviceFrom(request),
    authenticatedAt: authenticatedAt ?? 0,
    expiresAt: Math.min(acceptUntil?.getTime() ?? Infinity, now + absoluteTimeoutSeconds * 1000),
    idleTimeoutSeconds,
    absoluteTimeoutSeconds
  }
}

/** The principal of an old credential for which nothing of ours is made. */
export async function toPassedPrincipal(
  engine: Engine,
  request: FastifyRequest,
  old: OldCredential,
  moment: Moment
): Promise<Principal> {
  const { logins, ours } = engine
  const { user, absoluteTimeoutSeconds: _seconds, ...login } = toNewLogin(engine, request, old, moment)
  const record: Login = {
    ...login,
    userId: user.id,
    username: user.username,
    createdAt: moment.now,
    lastSeenAt: moment.now,
    session: null,
    refresh: null,
    key: null,
    scopes: null,
    data: {}
  }
  return logins.toPrincipal(await logins.withClaims(record), ours.carrier)
}

/** To which login of ours an old credential belongs, once one was made for it or it was claimed for another, if it may. */
export async function findClaimed(
  engine: Engine,
  request: FastifyRequest,
  old: OldCredential,
  ours: LinkedLogin | null,
  by: 'look' | 'adopt' | 'claim',
  moment: Moment
): Promise<Claimed> {
  const { migration, adoptions } = engine
  const { key, user, acceptedUntil } = old
  if (key === null)
    return (await isBarred(engine, old)) ? reject(engine, moment, 'barred') : { kind: 'unclaimed' }
  const remembered = await findRemembered(engine, key, user.id, ours)
  if (remembered !== null) return { kind: 'active', login: remembered }
  if (by === 'look') return lookUp(engine, { ...old, key }, moment)
  if (by === 'claim' && ours?.link) {
    const owner = { loginId: ours.loginId, ledBy: ours.link.ledBy }
    const name = { migration: migration.name, key }
    const claim = await adoptions.claim(user.id, { ...name, claimedUntil: acceptedUntil, owner })
    return claim === null
      ? reject(engine, moment, 'revoked')
      : findActive(engine, { ...old, key }, claim.loginId, moment)
  }
  // In `new` we lead each login from its first request on.
  const ledBy = moment.phase === 'new' ? 'new' : 'old'
  const outcome = await adoptThrottled(engine, request, { ...old, key }, ledBy, moment)
  if (outcome.kind === 'throttled') return { kind: 'unclaimed' }
  if (outcome.kind !== 'adopted' && outcome.kind !== 'existing') return REJECTED
  if (outcome.kind === 'adopted' && ledBy === 'new') engine.counts.add(moment.phase, 'handedOver')
  const { id: loginId, userId } = outcome.login
  engine.claims.add(userId, key, loginId)
  return { kind: 'active', login: { loginId, userId, link: outcome.adoption } }
}

/** An old credential that names a login. */
type NamedCredential = OldCredential & { readonly key: string }

/** Null where the store is to be asked. An active login with an old credential has an adoption. */
async function findRemembered(
  { adoptions, claims }: Engine,
  key: string,
  userId: string,
  ours: LinkedLogin | null
): Promise<LinkedLogin | null> {
  const loginId = claims.find(userId, key)
  if (loginId === undefined) return null
  // Asked for a moment ago.
  if (ours?.loginId === loginId && ours.link !== null) return ours
  const link = await adoptions.find(loginId)
  return link && { loginId, userId, link }
}

/** Writes nothing. */
async function lookUp(engine: Engine, old: NamedCredential, moment: Moment): Promise<Claimed> {
  const { adoptions, migration } = engine
  const name = { migration: migration.name, key: old.key }
  const status = await adoptions.findClaim(old.user.id, name, old.issuedAt)
  if (status.kind === 'unclaimed') return status
  return status.kind === 'barred'
    ? reject(engine, moment, 'barred')
    : findActive(engine, old, status.loginId, moment)
}

const REJECTED: Claimed = { kind: 'rejected' }

/** Of a credential that names no login, a bar is all that is stored: after a change of password, or a log-out with `logOut: 'user'`. */
async function isBarred(
  { adoptions, migration }: Engine,
  { user, issuedAt }: OldCredential
): Promise<boolean> {
  const nothing = { migration: migration.name, key: '' }
  return (await adoptions.findClaim(user.id, nothing, issuedAt)).kind === 'barred'
}

/** Counts that an old credential does not count any more, and why. */
function reject({ counts }: Engine, { phase }: Moment, kind: 'barred' | 'expired' | 'revoked'): Claimed {
  counts.add(phase, kind === 'barred' ? 'barred' : `rejected.${kind}`)
  return REJECTED
}

async function findActive(
  engine: Engine,
  { key, user }: NamedCredential,
  loginId: string | null,
  moment: Moment
): Promise<Claimed> {
  const { logins, adoptions, claims } = engine
  const login = loginId === null ? null : await logins.resolve(loginId)
  if (login === null) return reject(engine, moment, 'revoked')
  const link = await adoptions.find(login.id)
  claims.add(user.id, key, login.id)
  return { kind: 'active', login: { loginId: login.id, userId: login.userId, link } }
}

/** Makes the login of an old credential, or finds the one that was made. @param old whose key is not null. */
async function adoptOld(
  engine: Engine,
  request: FastifyRequest,
  old: OldCredential,
  ledBy: Leader,
  moment: Moment
): Promise<AdoptResult> {
  const { migration, adoptions, ours, counts } = engine
  const { key, secret, issuedAt, acceptedUntil } = old
  if (key === null) throw new TypeError('an old credential without a key cannot be adopted')
  const login = toNewLogin(engine, request, old, moment)
  const credential =
    ours.carrier === 'session'
      ? { session: ours.deriveSession(secret, login.id).stored }
      : { refresh: ours.deriveTokens(secret, login.id).stored }
  const outcome = await adoptions.adopt(
    { ...login, ...credential },
    { migration: migration.name, key, ledBy, issuedAt, claimedUntil: acceptedUntil }
  )
  if (outcome.kind === 'adopted') counts.add(moment.phase, 'adopted')
  else if (outcome.kind !== 'existing') reject(engine, moment, outcome.kind)
  return outcome
}

/** Of a login that was not made: its address has had so many made that it has to wait. */
export interface ThrottledAdoption {
  readonly kind: 'throttled'
  readonly retryAfterSeconds: number
}

/** As {@link adoptOld}, within the limit of the address. What makes no login is not limited. */
export async function adoptThrottled(
  engine: Engine,
  request: FastifyRequest,
  old: NamedCredential,
  ledBy: Leader,
  moment: Moment
): Promise<AdoptResult | ThrottledAdoption> {
  const { throttle, counts, adoptions, migration } = engine
  const retryAfterSeconds = await throttle.admit(request)
  if (retryAfterSeconds !== null) {
    const name = { migration: migration.name, key: old.key }
    const { kind } = await adoptions.findClaim(old.user.id, name, old.issuedAt)
    if (kind === 'unclaimed') {
      counts.add(moment.phase, 'throttled')
      return { kind: 'throttled', retryAfterSeconds }
    }
  }
  const outcome = await adoptOld(engine, request, old, ledBy, moment)
  if (retryAfterSeconds === null && outcome.kind !== 'adopted') await throttle.refund(request)
  return outcome
}

/** 429, with the time after which the limit allows another one. */
export function throttledError({ retryAfterSeconds }: ThrottledAdoption): HttpError {
  return outcomeError({ ok: false, reason: 'throttled', retryAfterSeconds })
}

/** See `Follower.adopt`. */
export async function adoptPresented(
  engine: Engine,
  request: FastifyRequest,
  limit: 'limited' | 'unlimited'
): Promise<Principal | null> {
  const moment = beginMoment(engine)
  if (moment.phase === 'retired') return null
  const presented = await engine.old.present(request, moment.now)
  if (presented.kind !== 'found' || presented.old.key === null) return null
  const old = { ...presented.old, key: presented.old.key }
  const adopt = limit === 'limited' ? adoptThrottled : adoptOld
  const outcome = await adopt(engine, request, old, 'old', moment)
  if (outcome.kind === 'throttled') throw throttledError(outcome)
  const isActive = outcome.kind === 'adopted' || outcome.kind === 'existing'
  return isActive ? engine.logins.toPrincipal(outcome.login, engine.ours.carrier) : null
}
