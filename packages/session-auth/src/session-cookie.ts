import { deriveKeys } from '@drawbridge/logins'
import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { type AMBIGUOUS, decodeOnce, findCookie } from './cookie-header.ts'
import type { ParsedOptions } from './options.ts'
import { clearCookie, setCookie } from './set-cookie.ts'
import { type PresentedHandle, readHandle, writeHandle } from './session-handle.ts'

export interface OpenedCookie {
  readonly handle: PresentedHandle
  /** What was signed and its signature: the text of the cookie, decoded. */
  readonly signed: string
  /** Signed under an older root secret: worth sending anew. */
  readonly isOutdated: boolean
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
  /** The raw text of our cookie in a Cookie header. */
  find(header: string | undefined): string | undefined | typeof AMBIGUOUS
  /** What a raw cookie says, or null where we did not sign it. */
  open(raw: string): OpenedCookie | null
  /** The one raw text of a handle, signed under the newest secret. */
  write(handle: PresentedHandle): string
  /** @returns the text that was set, before it is encoded. */
  set(reply: FastifyReply, handle: PresentedHandle): string
  clear(reply: FastifyReply): void
}

export function createSessionCookie({ cookie: settings, secret }: ParsedOptions): SessionCookie {
  const { name } = settings
  const attributes = attributesOf(settings)
  const signer = createSigner(secret, 'session cookie', name)
  const write = (handle: PresentedHandle) => signer.sign(writeHandle(handle))
  return {
    name,
    signer,
    attributes,
    find: (header) => (header === undefined ? undefined : findCookie(header, name)),
    open: (raw) => openCookie(signer, raw),
    write,
    set: (reply, handle) => {
      const signed = write(handle)
      setCookie(reply, name, signed, attributes)
      return signed
    },
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

function openCookie(signer: CookieSigner, raw: string): OpenedCookie | null {
  const signed = decodeOnce(raw)
  const { valid, value, renew } = signer.unsign(signed)
  const handle = valid && value !== null ? readHandle(value) : null
  return handle && { handle, signed, isOutdated: renew }
}
