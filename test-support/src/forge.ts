import { constants, createHmac, createPrivateKey, sign } from 'node:crypto'
import type { SigningKey } from '@drawbridge/token-auth'

/** JSON text or bytes, used as they are, or a value to serialize. */
export type Json = string | Buffer | object

/** A JWS with any header and payload, validly signed by a key of the ring: what no library would make. */
export function signJws(key: SigningKey, header: Json, payload: Json): string {
  const input = `${encodeSegment(header)}.${encodeSegment(payload)}`
  return `${input}.${createSignature(key, input)}`
}

/** A segment of a JWS, base64url. */
export function encodeSegment(json: Json): string {
  const bytes = Buffer.isBuffer(json)
    ? json
    : Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))
  return bytes.toString('base64url')
}

/** The signature of a JWS by a key of the ring, base64url. */
export function createSignature(key: SigningKey, input: string): string {
  const data = Buffer.from(input)
  const digest = `sha${key.alg.slice(2)}`
  if (key.kty === 'oct') {
    return createHmac(digest, Buffer.from(key.k as string, 'base64url'))
      .update(data)
      .digest('base64url')
  }
  const privateKey = createPrivateKey({ key, format: 'jwk' })
  switch (key.alg.slice(0, 2)) {
    case 'Ed':
      return sign(null, data, privateKey).toString('base64url')
    case 'ES':
      return sign(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
    case 'PS':
      return sign(digest, data, {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST
      }).toString('base64url')
    default:
      return sign(digest, data, privateKey).toString('base64url')
  }
}

/** The header of a valid access token. */
export function createHeader({ alg, kid }: SigningKey): Record<string, unknown> {
  return { alg, typ: 'at+jwt', kid }
}
