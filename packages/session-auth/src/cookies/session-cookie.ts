import { deriveKeys } from '@drawbridge/logins/carrier'
import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { decodeOnce, MAX_SAME_NAME, type RawCookie } from './header.ts'
import type { ParsedOptions } from '../options.ts'
import { clearCookie, type CookieLine, createCookieLine } from './set-cookie.ts'
import {
  isSameValue,
  type SessionCookieValue,
  parseCookieValue,
  formatCookieValue
} from './session-secret.ts'

/** A session cookie that we signed. */
export interface VerifiedCookie {
  readonly content: SessionCookieValue
  /**
   * What was signed and its signature, as the cookie is set: its key in the cache. A request may percent-encode what it
   * likes of it, and is read all the same, but it becomes no other credential, or one login could fill the cache. A text of its
   * own: a slice of the header would retain all of it in memory (bench, a cached session, by RSS).
   */
  readonly signed: string
  /** Signed under an older root secret: to be sent again. */
  readonly isOutdated: boolean
}

/** Why a request has no session cookie that we signed. */
export type CookieFailure = 'none' | 'ambiguous' | 'forged'

/** A well-formed value, which proves its login by the secret in it, whatever key signed it. */
export interface UntrustedCookieValue extends SessionCookieValue {
  readonly isSigned: boolean
}

/** Sent with each cookie, its removal included: a browser ignores a removal that lacks what the name requires. */
export type CookieAttributes = ReturnType<typeof createCookieAttributes>

/** The attributes of all our cookies. */
export function createCookieAttributes({ secure, sameSite }: ParsedOptions['cookie']) {
  return { path: '/', httpOnly: true, secure, sameSite } as const
}

/** The signer of @fastify/cookie: signs with the first of its keys and accepts all. */
export interface CookieSigner {
  sign(value: string): string
  unsign(signed: string): { readonly valid: boolean; readonly renew: boolean; readonly value: string | null }
}

/** The cookie of a session. */
export interface SessionCookie {
  readonly name: string
  readonly signer: CookieSigner
  readonly attributes: CookieAttributes
  /**
   * Verifies the signature. Of several cookies that differ, such as one that another system left behind under our name, the one
   * that we signed counts; two that we signed are ambiguous.
   */
  verify(raw: RawCookie): VerifiedCookie | CookieFailure
  /** The values of all cookies of our name, to revoke their logins; null where they are too many. */
  decodeAll(raw: RawCookie): readonly UntrustedCookieValue[] | null
  /** The text of the cookie, signed under the newest secret. */
  sign(value: SessionCookieValue): string
  /** The Set-Cookie field for that text. @param maxAgeSeconds of a cookie that survives the browser. */
  createLine(signed: string, maxAgeSeconds?: number): CookieLine
  clear(reply: FastifyReply): void
}

/** The session cookie of one instance of the plugin. */
export function createSessionCookie({ cookie: cookieOptions, secret }: ParsedOptions): SessionCookie {
  const { name } = cookieOptions
  const attributes = { ...createCookieAttributes(cookieOptions), encode: encodeAsIs }
  const signer = createSigner(secret, 'session cookie', name)
  return {
    name,
    signer,
    attributes,
    verify: (raw) => verify(signer, toList(raw)),
    decodeAll: (raw) => decodeAll(signer, toList(raw)),
    sign: (value) => signer.sign(formatCookieValue(value)),
    createLine: (signed, maxAge) =>
      createCookieLine(name, signed, maxAge === undefined ? attributes : { ...attributes, maxAge }),
    clear: (reply) => clearCookie(reply, name, attributes)
  }
}

/**
 * A key for one purpose and one session cookie: a signature of another cookie of the service, or of another instance of the
 * plugin, is invalid here.
 *
 * @param name of the session cookie, which is the identity of the instance.
 */
export function createSigner(secrets: readonly string[], purpose: string, name: string): CookieSigner {
  return new cookie.Signer([...deriveKeys(secrets, `${purpose} ${name}`)] as unknown as string[])
}

/** A signed value needs no encoding, and has one spelling with every version of the application's encoder. */
function encodeAsIs(value: string): string {
  return value
}

function toList(raw: RawCookie): readonly string[] {
  return typeof raw === 'string' ? [raw] : (raw ?? [])
}

function verify(signer: CookieSigner, rawValues: readonly string[]): VerifiedCookie | CookieFailure {
  if (rawValues.length > MAX_SAME_NAME) return 'ambiguous'
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

function decodeAll(
  signer: CookieSigner,
  rawValues: readonly string[]
): readonly UntrustedCookieValue[] | null {
  if (rawValues.length > MAX_SAME_NAME) return null
  return rawValues.flatMap((raw) => {
    const signed = decodeOnce(raw)
    const value = parseCookieValue(signed.slice(0, Math.max(0, signed.lastIndexOf('.'))))
    return value === null ? [] : [{ ...value, isSigned: signer.unsign(signed).valid }]
  })
}
