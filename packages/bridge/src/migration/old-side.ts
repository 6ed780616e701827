import { LoginsUnavailableError } from '@drawbridge/logins'
import { plainError } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PresentedOld } from './decide-lead.ts'
import type { OldLogin, OldLogins, RejectionReason } from './old-logins.ts'
import type { ForeignMigration } from './options.ts'
import { type MigratedUser, toMigratedUser } from './user-of.ts'

/** @throws LoginsUnavailableError where the other system cannot be asked. */
export async function askOld<T>(migration: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // As of `getClaims`: an error with a status is the service's own answer.
    if (Number.isInteger((error as { readonly statusCode?: unknown } | null)?.statusCode)) throw error
    throw new LoginsUnavailableError(
      new Error(`the migration "${migration}" cannot ask the other system, or who its user is`, {
        cause: plainError(error)
      })
    )
  }
}

/** A valid credential of the other system, and who its user is with us. */
export interface OldCredential extends OldLogin {
  readonly user: MigratedUser
  /** ms since the epoch: from when it is not accepted any more. */
  readonly acceptedUntil: number
}

/** What a request presents of the other system; `cause` says why a credential does not count. */
export type PresentedCredential =
  | { readonly kind: 'none' | 'empty' }
  | {
      readonly kind: 'invalid'
      readonly cause: string
      readonly reason: RejectionReason | 'user'
      readonly key: string | null
    }
  | { readonly kind: 'found'; readonly old: OldCredential }

/** The other system, as a migration asks it. Methods reject with a LoginsUnavailableError where it cannot be asked. */
export interface OldSide {
  readonly keepsRecord: boolean
  /** Whether an Authorization header presents its credential: that of one side alone. */
  readonly presentsOneSide: boolean
  readonly canGive: boolean
  /** From the day on from which its credentials are not accepted any more, nothing is read. @param now ms since the epoch. */
  present(request: FastifyRequest, now: number): Promise<PresentedCredential>
  /** For a log-out, which ends a login there on whatever day. */
  presentToEnd(request: FastifyRequest, now: number): Promise<PresentedCredential>
  /**
   * Revokes a login there, now and once more when no request is left that began before: one in flight at an instance of the
   * other system may write its record again. Nothing, where it keeps no record.
   */
  revoke(key: string): Promise<void>
  give(reply: FastifyReply, login: GivenTo, key: string | null): Promise<string>
  clear(reply: FastifyReply): void
}

type GivenTo = Parameters<NonNullable<OldLogins['give']>>[1]

/**
 * @param requestTimeoutMs how long a request to it may take.
 * @param later does work after a time in ms, unless the process ends before.
 */
export function createOldSide(
  { name, from, userOf, acceptUntil }: ForeignMigration,
  requestTimeoutMs: number,
  later: (work: () => Promise<void>, ms: number) => void
): OldSide {
  const ask = <T>(work: () => T | Promise<T>) => askOld(name, work)
  const lastMoment = acceptUntil?.getTime() ?? Infinity
  const presentToEnd: OldSide['presentToEnd'] = async (request, now) => {
    const presented = await ask(() => from.read(request))
    if (presented.kind === 'invalid') return { reason: 'other', ...presented, key: null }
    if (presented.kind !== 'found') return { kind: presented.kind }
    const { old } = presented
    const acceptedUntil = Math.min(old.expiresAt ?? Infinity, lastMoment)
    if (now >= acceptedUntil)
      return { kind: 'invalid', cause: 'not accepted any more', reason: 'expired', key: old.key }
    const user = await ask(async () => toMigratedUser(await userOf(old)))
    if (user === null) return { kind: 'invalid', cause: 'not a user of ours', reason: 'user', key: old.key }
    return { kind: 'found', old: { ...old, user, acceptedUntil } }
  }
  return {
    keepsRecord: from.keepsRecord,
    presentsOneSide: from.carrier === 'token',
    canGive: from.give !== undefined,
    present: async (request, now) => (now >= lastMoment ? { kind: 'none' } : presentToEnd(request, now)),
    presentToEnd,
    revoke: async (key) => {
      if (!from.keepsRecord) return
      const revoke = () => ask(() => from.revoke?.(key))
      await revoke()
      later(revoke, requestTimeoutMs)
    },
    give: (reply, login, key) =>
      ask(() => {
        if (from.give === undefined) throw new Error('it has no give')
        return from.give(reply, login, key)
      }),
    clear: (reply) => from.clear(reply)
  }
}

/** What `decideLead` is to know of it. */
export function toPresentedOld(presented: PresentedCredential): PresentedOld {
  if (presented.kind !== 'found') return { kind: presented.kind }
  const { key, user } = presented.old
  return { kind: 'found', key, userId: user.id }
}
