import { clock, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { SpentTokens } from './spent-tokens.ts'

/** Options of {@link createMemorySpentTokens}. */
export interface MemorySpentTokensOptions {
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const schema = v.strictObject({ now: v.optional(clock(), () => Date.now) })

/**
 * Remembers ids in the memory of this process: for a service of one process. After a restart a token can be used once more, for
 * as long as it is valid.
 *
 * Only ids of tokens that this service has made get here, so that nobody else fills the memory.
 */
export function createMemorySpentTokens(options: MemorySpentTokensOptions = {}): SpentTokens {
  const { now } = parseOptions('memorySpentTokens', schema, options)
  const expiryById = new Map<string, number>()
  return Object.freeze({
    spend: async (id: string, expiresAt: number) => {
      removeExpired(expiryById, now())
      if (expiryById.has(id)) return false
      expiryById.set(id, expiresAt)
      return true
    }
  })
}

/** From the front: tokens of one lifetime expire about in the order of their use, and one that does not is removed later. */
function removeExpired(expiryById: Map<string, number>, now: number): void {
  for (const [id, expiresAt] of expiryById) {
    if (expiresAt > now) return
    expiryById.delete(id)
  }
}
