import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, sign, verify } from 'node:crypto'
import { OptionError } from '@drawbridge/options'
import { type Algorithm, ALGORITHMS, isAlgorithm, type KeyKind } from './algorithms.ts'
import type { Jwk, SigningKey } from './jwk.ts'
import { invalidKeyError } from './invalid-key.ts'

/** A key of the ring. Its key material is only in KeyObjects, which neither print nor serialize it. */
export interface RingKey {
  readonly kid: string
  readonly alg: Algorithm
  /** Null for a key that only verifies. */
  readonly signing: KeyObject | null
  readonly verifying: KeyObject
}

const MAX_KID = 256

/**
 * Reads a JWK, and rejects one whose members do not agree: libraries accept a key for another use, for another algorithm or
 * with the public half of another key, and fail or are deceived later (RFC 8725 sections 3.1, 3.4 and 3.5). No message has
 * anything of the key but its `kid`.
 *
 * @throws OptionError
 */
export function parseKey(input: unknown, position: number): RingKey {
  const jwk = parseJwk(input, position)
  const { kid, alg } = jwk
  const kind: KeyKind = ALGORITHMS[alg]
  if (jwk.kty !== kind.kty) throw invalidKeyError(kid, `must have kty "${kind.kty}" for alg "${alg}"`)
  if (jwk.crv !== kind.crv) throw invalidKeyError(kid, describeCrvRule(kind, alg))
  checkUse(jwk)
  return kind.kty === 'oct' ? parseSecret(jwk) : parsePair(jwk)
}

function parseJwk(input: unknown, position: number): SigningKey {
  if (typeof input !== 'object' || input === null) {
    throw new OptionError(`tokenAuth.keys[${position}] must be a JSON Web Key`)
  }
  const jwk = input as Jwk
  if (typeof jwk.kid !== 'string' || jwk.kid === '' || jwk.kid.length > MAX_KID || !jwk.kid.isWellFormed()) {
    throw new OptionError(`tokenAuth.keys[${position}] must have a kid of 1 to ${MAX_KID} characters`)
  }
  if (!isAlgorithm(jwk.alg)) {
    throw invalidKeyError(jwk.kid, `must have an alg, one of ${Object.keys(ALGORITHMS).join(', ')}`)
  }
  return jwk as SigningKey
}

function describeCrvRule(kind: KeyKind, alg: Algorithm): string {
  return kind.crv === undefined
    ? `must have no crv for alg "${alg}"`
    : `must have crv "${kind.crv}" for alg "${alg}"`
}

/** Rejects a key that is for another use (RFC 7517 sections 4.2 and 4.3). */
function checkUse({ kid, kty, d, use, key_ops: operations }: SigningKey): void {
  if (use !== undefined && use !== 'sig')
    throw invalidKeyError(kid, 'must be for signatures: use "sig", or no use')
  if (operations === undefined) return
  const needed = kty === 'oct' ? ['sign', 'verify'] : d === undefined ? ['verify'] : ['sign']
  const isForSigning =
    Array.isArray(operations) &&
    needed.every((name) => operations.includes(name)) &&
    operations.every((name) => name === 'sign' || name === 'verify')
  if (!isForSigning) throw invalidKeyError(kid, `must have key_ops of ${needed.join(' and ')}, or none`)
}

function parseSecret({ kid, alg, k }: SigningKey): RingKey {
  const bytes = Buffer.from(typeof k === 'string' ? k : '', 'base64url')
  if (bytes.toString('base64url') !== k) throw invalidKeyError(kid, 'must have its key in k, as base64url')
  const secret = createSecretKey(bytes)
  return Object.freeze({ kid, alg, signing: secret, verifying: secret })
}

function parsePair(jwk: SigningKey): RingKey {
  const { kid, alg } = jwk
  const signing =
    jwk.d === undefined ? null : importKey(kid, () => createPrivateKey({ key: jwk, format: 'jwk' }))
  const verifying = importKey(kid, () => createPublicKey({ key: publicMembers(jwk), format: 'jwk' }))
  if (signing !== null && !isKeyPair(signing, verifying)) {
    throw invalidKeyError(kid, 'must have a public half that belongs to its private half')
  }
  return Object.freeze({ kid, alg, signing, verifying })
}

/** The message of the library may quote a member, so it is dropped. */
function importKey(kid: string, read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    throw invalidKeyError(kid, 'must be a well-formed JSON Web Key')
  }
}

function publicMembers({ kty, crv, x, y, n, e }: Jwk): Jwk {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined)
  )
}

function isKeyPair(signing: KeyObject, verifying: KeyObject): boolean {
  const probe = Buffer.from('drawbridge')
  const digest = signing.asymmetricKeyType === 'ed25519' ? undefined : 'sha256'
  try {
    return verify(digest, probe, verifying, sign(digest, probe, signing))
  } catch {
    return false
  }
}
