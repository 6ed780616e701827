import type { FastifyReply } from 'fastify'
import { findCookie } from './cookie-header.ts'
import type { ParsedOptions } from './options.ts'
import { attributesOf } from './session-cookie.ts'
import { clearCookie, type CookieLine, cookieLine } from './set-cookie.ts'
import { type Opened, type Snapshot, SnapshotSeal } from './snapshot.ts'

/** name=value and what stands between must fit (RFC 6265bis: a browser keeps 4096 bytes of a cookie). */
const MAX_VALUE = 3800

/** The second cookie of a session. It saves the store a read; nothing depends on it. */
export interface SnapshotCookie {
  /** How long a snapshot is good for, seconds; 0 for none at all. */
  readonly lifeSeconds: number
  /**
   * The snapshot that the request carries for this session cookie, however old; null where there is none. Where there
   * is one, it also proves that we signed the cookie.
   *
   * @param signed the session cookie, decoded.
   */
  read(header: string | undefined, signed: string): Opened | null
  /**
   * What sets it; nothing where there are no snapshots, or this one is too large.
   *
   * @param signed the session cookie's text, as it was signed.
   */
  linesFor(signed: string, snapshot: Snapshot): readonly CookieLine[]
  clear(reply: FastifyReply): void
}

export function createSnapshotCookie({ cookie, secret, snapshotSeconds }: ParsedOptions): SnapshotCookie {
  const name = `${cookie.name}-snapshot`
  const attributes = attributesOf(cookie)
  const seal = new SnapshotSeal(secret, cookie.name)
  const isOn = snapshotSeconds > 0
  return {
    lifeSeconds: snapshotSeconds,
    read: (header, signed) => {
      const raw = isOn && header !== undefined ? findCookie(header, name) : undefined
      return typeof raw === 'string' ? seal.open(signed, raw) : null
    },
    linesFor: (signed, snapshot) => {
      const value = isOn ? seal.seal(signed, snapshot) : ''
      // A principal that a service made too large for a cookie is asked of the store each time.
      const isSent = isOn && value.length <= MAX_VALUE
      return isSent ? [cookieLine(name, value, { ...attributes, maxAge: snapshotSeconds })] : []
    },
    clear: (reply) => {
      if (isOn) clearCookie(reply, name, attributes)
    }
  }
}
