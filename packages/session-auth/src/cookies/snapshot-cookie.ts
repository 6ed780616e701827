import type { FastifyReply } from 'fastify'
import { type RawCookie, SNAPSHOT_SUFFIX } from './header.ts'
import type { ParsedOptions } from '../options.ts'
import { createCookieAttributes } from './session-cookie.ts'
import { clearCookie, type CookieLine, createCookieFormat, withdrawCookie } from './set-cookie.ts'
import { type OpenedSnapshot, type Snapshot, SnapshotSeal } from './snapshot.ts'

/** Name, `=` and value must fit together (RFC 6265bis: a browser accepts 4096 bytes of a cookie). */
const MAX_VALUE_LENGTH = 3800

/** The second cookie of a session. It saves a read of the store; nothing depends on it. */
export interface SnapshotCookie {
  /** How long a snapshot is valid, seconds; 0 for no snapshots. */
  readonly lifetimeSeconds: number
  /**
   * Opens the snapshot of a session cookie, however old; null where there is none. Where there is one, it also proves that we
   * signed the session cookie.
   *
   * @param raw the snapshot cookie of the request.
   * @param signed the session cookie, decoded.
   */
  open(raw: RawCookie, signed: string): OpenedSnapshot | null
  /**
   * The Set-Cookie field; none where there are no snapshots, or this one is too large.
   *
   * @param signed the session cookie's text, as it was signed.
   */
  createLines(signed: string, snapshot: Snapshot): readonly CookieLine[]
  clear(reply: FastifyReply): void
  /** Takes it out of a response that has not been sent. */
  withdraw(reply: FastifyReply): void
}

/** The snapshot cookie of one instance of the plugin. */
export function createSnapshotCookie({ cookie, secret, snapshotSeconds }: ParsedOptions): SnapshotCookie {
  const name = cookie.name + SNAPSHOT_SUFFIX
  const attributes = createCookieAttributes(cookie)
  const createLine = createCookieFormat(name, { ...attributes, maxAge: snapshotSeconds })
  const seal = new SnapshotSeal(secret, cookie.name)
  const isEnabled = snapshotSeconds > 0
  return {
    lifetimeSeconds: snapshotSeconds,
    open: (raw, signed) => (isEnabled && typeof raw === 'string' ? seal.open(signed, raw) : null),
    createLines: (signed, snapshot) => {
      const value = isEnabled ? seal.seal(signed, snapshot) : ''
      // Where `getClaims` makes it too large for a cookie, other nodes ask the store.
      return isEnabled && value.length <= MAX_VALUE_LENGTH ? [createLine(value)] : []
    },
    clear: (reply) => {
      if (isEnabled) clearCookie(reply, name, attributes)
    },
    withdraw: (reply) => withdrawCookie(reply, name)
  }
}
