import { deriveKeys } from '@drawbridge/logins'
import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { AMBIGUOUS, decodeOnce, findCookie, findCookies } from './cookie-header.ts'
import type { ParsedOptions } from './options.ts'
import { clearCookie, type CookieLine, cookieLine } from './set-cookie.ts'
import { isSameHandle, type PresentedHandle, readHandle, writeHandle } from './session-handle.ts'

export interface OpenedCookie {
  readonly handle: PresentedHandle
  /**
   * What was signed and its signature, as the cookie is set: its key in the cache. A request may percent-encode what it
   * likes of it, and is read all the same, but it becomes no other credential, or one login could fill the cache. A text of its
   * own: a piece of the header would keep all of it alive (bench, a cached session, by RSS: 641 bytes and not 1064).
   */
  readonly signed: string
  /** Signed under an older root secret: worth sending anew. */
  readonly isOutdated: boolean
}

/** Why a request has no session cookie that we signed. */
export type Unopened = 'none' | 'ambiguous' | 'forged'

/** A well-formed handle, which proves its login by the secret in it, whoever signed it. */
export interface FoundHandle extends PresentedHandle {
  readonly isSigned: boolean
}

/** Sent with each cookie, its removal included: a browser ignores a removal that lacks what the name demands. */
export type CookieAttributes = ReturnType<typeof attributesOf>

export function attributesOf({ secure, sameSite }: ParsedOptions['cookie']) {
  return { path: '/', httpOnly: true, secure, sameSite } as const
}

/** Signs cookies with the first of some keys and knows those of all; of @fastify/cookie. */
export interface CookieSigner {
  sign(value: string): string
  unsign(signed: string): { readonly valid: boolean; readonly renew: boolean; readonly value: string | null }
}

export interface SessionCookie {
  readonly name: string
  readonly signer: CookieSigner
  readonly attributes: CookieAttributes
  /** The raw text of our cookie in a Cookie header. On the hot path. */
  find(header: string | undefined): string | undefined | typeof AMBIGUOUS
  /**
   * What our cookie says. Of several that differ, such as one that another system left behind under our name, the one that
   * we signed counts; two that we signed are ambiguous.
   */
  openIn(header: string | undefined): OpenedCookie | Unopened
  /** The handles in all cookies of our name, for what ends logins; AMBIGUOUS where they are too many. */
  handlesIn(header: string | undefined): readonly FoundHandle[] | typeof AMBIGUOUS
  /** The one raw text of a handle, signed under the newest secret. */
  write(handle: PresentedHandle): string
  /** What sets it to that text. */
  lineFor(signed: string): CookieLine
  clear(reply: FastifyReply): void
}

export function createSessionCookie({ cookie: settings, secret }: ParsedOptions): SessionCookie {
  const { name } = settings
  const attributes = { ...attributesOf(settings), encode: asSigned }
  const signer = createSigner(secret, 'session cookie', name)
  return {
    name,
    signer,
    attributes,
    find: (header) => (header === undefined ? undefined : findCookie(header, name)),
    openIn: (header) => openIn(signer, name, header),
    handlesIn: (header) => handlesIn(signer, name, header),
    write: (handle) => signer.sign(writeHandle(handle)),
    lineFor: (signed) => cookieLine(name, signed, attributes),
    clear: (reply) => clearCookie(reply, name, attributes)
  }
}

/**
 * A key for one purpose and one session cookie: what another cookie of the service was signed under, or that of another
 * instance of the plugin, is worth nothing for it.
 *
 * @param name of the session cookie, which is the identity of the instance.
 */
export function createSigner(secrets: readonly string[], purpose: string, name: string): CookieSigner {
  return new cookie.Signer([...deriveKeys(secrets, `${purpose} ${name}`)] as unknown as string[])
}

/** A signed handle needs no encoding, and what is set has one spelling, whichever encoder the application's version has. */
function asSigned(value: string): string {
  return value
}

function openIn(signer: CookieSigner, name: string, header = ''): OpenedCookie | Unopened {
  const raws = findCookies(header, name)
  if (raws === AMBIGUOUS) return 'ambiguous'
  if (raws.length === 0) return 'none'
  const opened = raws.map((raw) => openCookie(signer, raw)).filter((cookie) => cookie !== null)
  const one = opened.find(({ isOutdated }) => !isOutdated) ?? opened[0]
  if (one === undefined) return 'forged'
  return opened.every(({ handle }) => isSameHandle(handle, one.handle)) ? one : 'ambiguous'
}

function openCookie(signer: CookieSigner, raw: string): OpenedCookie | null {
  const signed = decodeOnce(raw)
  const { valid, value, renew } = signer.unsign(signed)
  const handle = valid && value !== null ? readHandle(value) : null
  return handle && { handle, signed, isOutdated: renew }
}

function handlesIn(
  signer: CookieSigner,
  name: string,
  header = ''
): readonly FoundHandle[] | typeof AMBIGUOUS {
  const raws = findCookies(header, name)
  if (raws === AMBIGUOUS) return AMBIGUOUS
  return raws.flatMap((raw) => {
    const signed = decodeOnce(raw)
    const handle = readHandle(signed.slice(0, Math.max(0, signed.lastIndexOf('.'))))
    return handle === null ? [] : [{ ...handle, isSigned: signer.unsign(signed).valid }]
  })
}
