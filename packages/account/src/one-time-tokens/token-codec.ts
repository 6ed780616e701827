import { deriveKeys, Sealer, unseal } from '@drawbridge/logins/carrier'
import * as v from 'valibot'

/* drbo_ and a sealed JSON list: sealed and not only signed, so that a link does not show whom it is for. */
const PREFIX = 'drbo_'
const FORMAT = /^drbo_[A-Za-z0-9_-]{1,2000}$/

/** What a token contains. */
export interface TokenContent {
  readonly id: string
  readonly userId: string
  /** ms since the epoch. */
  readonly expiresAt: number
  /** Digest of the state that it is bound to; null where it is bound to none. */
  readonly stateDigest: string | null
}

const content = v.strictTuple([v.string(), v.string(), v.number(), v.nullable(v.string())])

/** Writes and reads tokens of one purpose. */
export interface TokenCodec {
  encode(content: TokenContent): string
  /** Null for what this service did not make for this purpose. */
  decode(token: unknown): TokenContent | null
}

/** @param secrets root secrets: the first makes tokens, all are tried on presented ones. */
export function createTokenCodec(secrets: readonly string[], purpose: string): TokenCodec {
  const keys = deriveKeys(secrets, `one-time token for ${purpose}`)
  const sealer = new Sealer()
  return {
    encode: ({ id, userId, expiresAt, stateDigest }) => {
      const text = JSON.stringify([id, userId, expiresAt, stateDigest])
      return PREFIX + sealer.seal(keys[0] as Buffer, text, PREFIX)
    },
    decode: (token) => {
      if (typeof token !== 'string' || !FORMAT.test(token)) return null
      const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url')
      for (const key of keys) {
        const opened = unseal(key, bytes, PREFIX)
        if (opened !== null) return toContent(opened)
      }
      return null
    }
  }
}

/** Strict, since a token of an earlier or later form of ours opens too. */
function toContent(opened: Buffer): TokenContent | null {
  const parsed = v.safeParse(content, JSON.parse(opened.toString()) as unknown)
  if (!parsed.success) return null
  const [id, userId, expiresAt, stateDigest] = parsed.output
  return { id, userId, expiresAt, stateDigest }
}
