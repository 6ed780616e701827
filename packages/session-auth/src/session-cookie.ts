import cookie from '@fastify/cookie'
import { deriveKeys } from '@drawbridge/logins'
import type { FastifyReply } from 'fastify'
import type { ParsedOptions } from './options.ts'
import { type PresentedHandle, readHandle, writeHandle } from './session-handle.ts'

/** More than one session cookie, and they differ: which one counts would be the sender's choice, or a sibling's. */
export const AMBIGUOUS = Symbol('ambiguous')

export interface OpenedCookie {
  readonly handle: PresentedHandle
  /** Signed under an older root secret: worth sending anew. */
  readonly isOutdated: boolean
}

/** Signs cookies with the first of some keys and knows those of all; of @fastify/cookie. */
export interface CookieSigner {
  sign(value: string): string
  unsign(signed: string): { readonly valid: boolean; readonly renew: boolean; readonly value: string | null }
}

export interface SessionCookie {
  readonly name: string
  readonly signer: CookieSigner
  /** Sent with each cookie, its removal included: a browser ignores a removal that lacks what the name demands. */
  readonly attributes: {
    readonly path: '/'
    readonly httpOnly: true
    readonly secure: boolean
    readonly sameSite: 'lax' | 'strict'
  }
  /** The raw text of our cookie in a Cookie header. On the hot path: one scan, nothing decoded. */
  find(header: string | undefined): string | undefined | typeof AMBIGUOUS
  /** What a raw cookie says, or null where we did not sign it. */
  open(raw: string): OpenedCookie | null
  set(reply: FastifyReply, handle: PresentedHandle): void
  clear(reply: FastifyReply): void
}

export function createSessionCookie({ cookie: settings, secret }: ParsedOptions): SessionCookie {
  const { name, secure, sameSite } = settings
  const attributes = { path: '/', httpOnly: true, secure, sameSite } as const
  // A key for this purpose alone: what another cookie of the service was signed under is worth nothing here.
  const signer = new cookie.Signer([...deriveKeys(secret, 'session cookie')] as unknown as string[])
  return {
    name,
    signer,
    attributes,
    find: (header) => (header === undefined ? undefined : findCookie(header, name)),
    open: (raw) => openCookie(signer, raw),
    set: (reply, handle) => void reply.setCookie(name, signer.sign(writeHandle(handle)), attributes),
    clear: (reply) => void reply.clearCookie(name, attributes)
  }
}

function findCookie(header: string, name: string): string | undefined | typeof AMBIGUOUS {
  let found: string | undefined
  for (let start = 0; start < header.length;) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon === -1 ? header.length : semicolon
    while (header.charCodeAt(start) === 0x20) start++
    if (header.startsWith(name, start) && header.charCodeAt(start + name.length) === 0x3d) {
      const value = header.slice(start + name.length + 1, end)
      if (found !== undefined && found !== value) return AMBIGUOUS
      found = value
    }
    start = end + 1
  }
  return found
}

function openCookie(signer: CookieSigner, raw: string): OpenedCookie | null {
  const { valid, value, renew } = signer.unsign(decodeOnce(raw))
  const handle = valid && value !== null ? readHandle(value) : null
  return handle && { handle, isOutdated: renew }
}

/** @fastify/cookie percent-encodes what it sets. */
function decodeOnce(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return ''
  }
}
