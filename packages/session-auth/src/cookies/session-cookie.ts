import { deriveKeys } from '@drawbridge/logins/carrier'
import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { AMBIGUOUS, decodeOnce, findCookie, findCookies } from './header.ts'
import type { ParsedOptions } from '../options.ts'
import { clearCookie, type CookieLine, createCookieLine } from './set-cookie.ts'
import {
  isSameValue,
  type SessionCookieValue,
  parseCookieValue,
  formatCookieValue
} from './session-secret.ts'

export interface VerifiedCookie {
  readonly content: SessionCookieValue
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
export type CookieFailure = 'none' | 'ambiguous' | 'forged'

/** A well-formed handle, which proves its login by the secret in it, whoever signed it. */
export interface UntrustedCookieValue extends SessionCookieValue {
  readonly isSigned: boolean
}

/** Sent with each cookie, its removal included: a browser ignores a removal that lacks what the name demands. */
export type CookieAttributes = ReturnType<typeof createCookieAttributes>

export function createCookieAttributes({ secure, sameSite }: ParsedOptions['cookie']) {
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
  read(header: string | undefined): VerifiedCookie | CookieFailure
  /** The handles in all cookies of our name, for what ends logins; AMBIGUOUS where they are too many. */
  readAll(header: string | undefined): readonly UntrustedCookieValue[] | typeof AMBIGUOUS
  /** The one raw text of a handle, signed under the newest secret. */
  sign(value: SessionCookieValue): string
  /** What sets it to that text. */
  createLine(signed: string): CookieLine
  clear(reply: FastifyReply): void
}

export function createSessionCookie({ cookie: cookieOptions, secret }: ParsedOptions): SessionCookie {
  const { name } = cookieOptions
  const attributes = { ...createCookieAttributes(cookieOptions), encode: encodeAsIs }
  const signer = createSigner(secret, 'session cookie', name)
  return {
    name,
    signer,
    attributes,
    find: (header) => (header === undefined ? undefined : findCookie(header, name)),
    read: (header) => openIn(signer, name, header),
    readAll: (header) => handlesIn(signer, name, header),
    sign: (value) => signer.sign(formatCookieValue(value)),
    createLine: (signed) => createCookieLine(name, signed, attributes),
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
function encodeAsIs(value: string): string {
  return value
}

function openIn(signer: CookieSigner, name: string, header = ''): VerifiedCookie | CookieFailure {
  const rawValues = findCookies(header, name)
  if (rawValues === AMBIGUOUS) return 'ambiguous'
  if (rawValues.length === 0) return 'none'
  const verified = rawValues.map((raw) => verifyCookie(signer, raw)).filter((cookie) => cookie !== null)
  const chosen = verified.find(({ isOutdated }) => !isOutdated) ?? verified[0]
  if (chosen === undefined) return 'forged'
  return verified.every(({ content }) => isSameValue(content, chosen.content)) ? chosen : 'ambiguous'
}

function verifyCookie(signer: CookieSigner, raw: string): VerifiedCookie | null {
  const signed = decodeOnce(raw)
  const { valid, value, renew } = signer.unsign(signed)
  const content = valid && value !== null ? parseCookieValue(value) : null
  return content && { content, signed, isOutdated: renew }
}

function handlesIn(
  signer: CookieSigner,
  name: string,
  header = ''
): readonly UntrustedCookieValue[] | typeof AMBIGUOUS {
  const rawValues = findCookies(header, name)
  if (rawValues === AMBIGUOUS) return AMBIGUOUS
  return rawValues.flatMap((raw) => {
    const signed = decodeOnce(raw)
    const value = parseCookieValue(signed.slice(0, Math.max(0, signed.lastIndexOf('.'))))
    return value === null ? [] : [{ ...value, isSigned: signer.unsign(signed).valid }]
  })
}
