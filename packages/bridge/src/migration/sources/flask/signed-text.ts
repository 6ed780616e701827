import { createHmac, timingSafeEqual } from 'node:crypto'

/** A text and when it was signed, seconds since the epoch. */
export interface SignedText {
  readonly text: string
  readonly at: number
  /** What the signature is of. */
  readonly signed: string
}

/** As `TimestampSigner` of itsdangerous, with `key_derivation='hmac'` and SHA-1: the session of every Flask. */
const sign = (signed: string, key: Buffer) => createHmac('sha1', key).update(signed).digest('base64url')

/** The key for one salt, which says what is signed. */
export function deriveKey(secret: string, salt: string): Buffer {
  return createHmac('sha1', secret).update(salt).digest()
}

/** The signed text; null where no key made it. One text has one spelling: a signature in another encoding is not equal. */
export function verifyText(credential: string, keys: readonly Buffer[]): SignedText | null {
  const dot = credential.lastIndexOf('.')
  const signed = credential.slice(0, dot)
  const signature = Buffer.from(credential.slice(dot + 1))
  const isSigned = (key: Buffer) => {
    const expected = Buffer.from(sign(signed, key))
    return expected.length === signature.length && timingSafeEqual(expected, signature)
  }
  if (dot === -1 || !keys.some(isSigned)) return null
  const before = signed.lastIndexOf('.')
  const time = Buffer.from(signed.slice(before + 1), 'base64url')
  // 48 bits: more is no moment, and `readUIntBE` takes no more.
  if (before === -1 || time.length === 0 || time.length > 6) return null
  return { text: signed.slice(0, before), at: time.readUIntBE(0, time.length), signed }
}

/** Signs a text as of a moment, seconds since the epoch. */
export function signText(text: string, at: number, key: Buffer): string {
  const bytes = Buffer.from(at.toString(16).padStart(12, '0'), 'hex')
  const time = bytes.subarray(bytes.findIndex((byte) => byte !== 0)).toString('base64url')
  return `${text}.${time}.${sign(`${text}.${time}`, key)}`
}
