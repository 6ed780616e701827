import type { KeyObject } from 'node:crypto'
import type { JoseHeader } from '@drawbridge/carrier'
import { plainError } from '@drawbridge/options'
import { createRemoteJWKSet, type CryptoKey, errors, type JWTHeaderParameters } from 'jose'
import { OldSystemUnreachableError } from '../sealed-logins.ts'
import type { KeySource } from './options.ts'

/** A key that verifies. */
export type VerifyKey = Uint8Array | KeyObject | CryptoKey

/**
 * The keys that a token may be signed by; none where its header names none of ours.
 *
 * @throws OldSystemUnreachableError where the key set cannot be read.
 */
export type FindKeys = (header: JoseHeader) => Promise<readonly VerifyKey[]>

export function createFindKeys(keys: KeySource, timeoutMs: number): FindKeys {
  if (!(keys instanceof URL)) return async () => keys
  const findKey = createRemoteJWKSet(keys, { timeoutDuration: timeoutMs })
  return async (header) => {
    try {
      return [await findKey(header as unknown as JWTHeaderParameters)]
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return listKeys(error)
      if (isOfToken(error)) return []
      throw new OldSystemUnreachableError(plainError(error))
    }
  }
}

/** Whether the header is at fault, and not the key set. */
const isOfToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported

async function listKeys(keys: AsyncIterable<CryptoKey>): Promise<readonly CryptoKey[]> {
  const list: CryptoKey[] = []
  for await (const key of keys) list.push(key)
  return list
}
