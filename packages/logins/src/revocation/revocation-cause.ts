import { parseOptions } from '@drawbridge/options'
import * as v from 'valibot'

const REVOKED_BY = ['user', 'admin', 'reuse', 'limit', 'password', 'foreign', 'service'] as const

/**
 * By whom or what a login is revoked: its `user`; an operator (`admin`); the `reuse` of a refresh token; the `limit` of logins of a
 * user; a change of the `password`; a log-out at another system, from which users are moved (`foreign`); anything else of the `service`.
 */
export type RevokedBy = (typeof REVOKED_BY)[number]

/** Why a login is revoked, for its event. */
export interface RevocationCause {
  /** Default `service`. */
  readonly by?: RevokedBy
  /** Such as the operation, or the number of a ticket: at most 200 characters. It is published, so it must have no secret. */
  readonly reason?: string
}

/** Options of `revoke`: the owner of the login, which is a must for an id that comes from a request, or why it is revoked, or both. */
export type RevokeOptions =
  | ({ readonly userId: string } & RevocationCause)
  | ({ readonly userId?: never; readonly by: RevokedBy } & RevocationCause)

/** A cause, as an event has it. */
export interface ParsedCause {
  readonly by: RevokedBy
  readonly reason: string | null
}

const MAX_REASON_LENGTH = 200

/** Entries of a valibot schema for {@link RevocationCause}. */
export const causeEntries = {
  by: v.optional(v.picklist(REVOKED_BY, `must be one of ${REVOKED_BY.join(', ')}`)),
  reason: v.optional(
    v.pipe(
      v.string('must be a string'),
      v.maxLength(MAX_REASON_LENGTH, `must be at most ${MAX_REASON_LENGTH} characters`)
    )
  )
}

const causeSchema = v.strictObject(causeEntries)

/** A cause with its defaults. */
export function toParsedCause({
  by,
  reason
}: {
  readonly by?: RevokedBy | undefined
  readonly reason?: string | undefined
}): ParsedCause {
  return { by: by ?? 'service', reason: reason ?? null }
}

const OF_NOTHING: ParsedCause = toParsedCause({})

/**
 * Splits the options of `revoke`. An object without `by` is an owner, whatever else it has, and without `userId` the owner of no login.
 * Beside `by`, a misspelt `userId` is an error: it must not revoke what it was to protect.
 *
 * @throws OptionError that names what is wrong.
 */
export function parseRevokeOptions(options: RevokeOptions | undefined): {
  readonly owner: { readonly userId?: string | undefined } | undefined
  readonly cause: ParsedCause
} {
  if (options === undefined) return { owner: undefined, cause: OF_NOTHING }
  const isCauseAlone = !('userId' in options) && 'by' in options
  const { by, reason } = options
  const cause = parseOptions('logins.revoke', causeSchema, isCauseAlone ? options : { by, reason })
  return { owner: isCauseAlone ? undefined : options, cause: toParsedCause(cause) }
}
