import type { KeyObject } from 'node:crypto'
import type { AccessTokenHeader } from '@drawbridge/carrier'
import type { CryptoKey } from 'jose'

/** The public keys that access tokens are verified with. */
export interface PublicKeys {
  /** Increases whenever a key is no longer valid: what was verified before must be verified again. */
  readonly version: number
  /** For how long what they verify now may be served, ms; Infinity for keys that do not change. */
  readonly validForMs: number
  /** Null where there is no key of that id and algorithm. Rejects where that is uncertain. */
  find(header: AccessTokenHeader): Promise<CryptoKey | KeyObject | null>
  close(): void
}
