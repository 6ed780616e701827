import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isLoginId, type SessionHandle } from '@drawbridge/logins'

/** What a cookie says before it is signed: which login, and the secret that proves it. */
export interface PresentedHandle {
  readonly loginId: string
  readonly secret: string
}

const SECRET = /^[A-Za-z0-9_-]{43}$/
const SECRET_BYTES = 32

/** 256 random bits, base64url. Shown once, to the browser; the store keeps {@link handleOf} it. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

export function handleOf(secret: string): SessionHandle {
  return { secretHash: digest(secret).toString('base64url') }
}

export function proves(secret: string, handle: SessionHandle): boolean {
  const kept = Buffer.from(handle.secretHash, 'base64url')
  const shown = digest(secret)
  return kept.length === shown.length && timingSafeEqual(kept, shown)
}

/** Whether both are of one login and its one secret. Not for what is secret: both were presented by the same request. */
export function isSameHandle(one: PresentedHandle, other: PresentedHandle): boolean {
  return one.loginId === other.loginId && one.secret === other.secret
}

export function writeHandle({ loginId, secret }: PresentedHandle): string {
  return `${loginId}.${secret}`
}

/** Null for anything else, so that nothing but a well-formed id ever reaches a store. */
export function readHandle(text: string): PresentedHandle | null {
  const [loginId = '', secret = '', ...more] = text.split('.')
  return more.length === 0 && isLoginId(loginId) && SECRET.test(secret) ? { loginId, secret } : null
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
