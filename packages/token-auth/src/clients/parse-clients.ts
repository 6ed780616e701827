import { createPublicKey, hash } from 'node:crypto'
import { hasPrivateMember } from '@drawbridge/carrier'
import { OptionError, parseOptions, VALUE_OMITTED } from '@drawbridge/options'
import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import type { KeyRingJwk } from '../keys/jwk.ts'

/** A service that may ask about tokens. It authenticates by its secret, or by a key of its own. */
export interface TokenClient {
  /** 1 to 100 letters, digits and `-._~`. */
  readonly clientId: string
  /** 32 to 255 letters, digits and `-._~`, random; of a list all are valid, so that one can be replaced (`client_secret_basic`). */
  readonly clientSecret?: string | readonly string[]
  /** Public keys, by which it signs its assertions (`private_key_jwt`). */
  readonly keys?: { readonly keys: readonly KeyRingJwk[] } | readonly KeyRingJwk[]
}

/** A {@link TokenClient} that was checked. */
export interface ParsedClient {
  readonly clientId: string
  /** SHA-256 of each secret: all have one length, and none is in a heap dump. */
  readonly secretHashes: readonly Buffer[]
  /** Undefined where it has no key. */
  readonly keys: ReturnType<typeof createLocalJWKSet> | undefined
}

/** In Basic, RFC 6749 encodes both as in a form, and few clients do: these characters are the same either way. */
const UNRESERVED = 'A-Za-z0-9._~-'
const secret = v.pipe(
  v.string(),
  v.regex(new RegExp(`^[${UNRESERVED}]{32,255}$`)),
  v.check((text) => new Set(text).size >= 8)
)
const secretRule = `must be 32 to 255 letters, digits and -._~, hard to guess, or a list of such strings${VALUE_OMITTED}`

const schema = v.strictObject({
  clientId: v.pipe(
    v.string('must be a string'),
    v.regex(new RegExp(`^[${UNRESERVED}]{1,100}$`), 'must be 1 to 100 letters, digits and -._~')
  ),
  clientSecret: v.optional(
    v.pipe(
      v.custom<string | readonly string[]>(
        (value) => toList(value).length > 0 && toList(value).every((item) => v.is(secret, item)),
        secretRule
      ),
      v.transform((value) => toList(value) as readonly string[])
    )
  ),
  // Read by `parseKeys`, whose messages have nothing of a key.
  keys: v.optional(v.unknown())
})

/** @throws OptionError; no message has anything of a secret. */
export function parseClients(input: readonly unknown[]): readonly ParsedClient[] {
  const clients = input.map(parseClient)
  const ids = clients.map(({ clientId }) => clientId)
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice !== undefined) throw new OptionError(`tokenAuth.clients: the clientId "${twice}" is there twice`)
  return Object.freeze(clients)
}

export function hashClientSecret(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

function parseClient(input: unknown, position: number): ParsedClient {
  const owner = `tokenAuth.clients[${position}]`
  const { clientId, clientSecret = [], keys } = parseOptions(owner, schema, input)
  if (clientSecret.length === 0 && keys === undefined)
    throw new OptionError(`${owner} must have a clientSecret or keys`)
  return Object.freeze({
    clientId,
    secretHashes: clientSecret.map(hashClientSecret),
    keys: keys === undefined ? undefined : parseKeys(owner, keys)
  })
}

function parseKeys(owner: string, input: unknown): ReturnType<typeof createLocalJWKSet> {
  const list = Array.isArray(input)
    ? (input as unknown[])
    : (input as { readonly keys?: unknown } | null)?.keys
  const isUsable = Array.isArray(list) && list.length > 0 && list.every(isPublicKey)
  if (!isUsable)
    throw new OptionError(`${owner}.keys must be public keys with a kid and an alg, as JSON Web Keys`)
  return createLocalJWKSet({ keys: list } as JSONWebKeySet)
}

function isPublicKey(input: unknown): boolean {
  const jwk = (input ?? {}) as Partial<KeyRingJwk>
  if (typeof jwk.kid !== 'string' || typeof jwk.alg !== 'string' || hasPrivateMember(jwk)) return false
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

const toList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? [...(value as unknown[])] : [value]
