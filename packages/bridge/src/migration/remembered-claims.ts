import { createHash } from 'node:crypto'

/**
 * To which login of ours a node has seen the credentials of a user belong. The claim of a credential never changes while it is stored;
 * whether its login is active, and who leads it, is asked each time. Where it is not, the store is asked about the claim too.
 */
export interface RememberedClaims {
  /** @returns a loginId; undefined for a claim that this node has not seen, or has forgotten. */
  find(userId: string, key: string): string | undefined
  add(userId: string, key: string, loginId: string): void
}

/** About 200 bytes each. */
const MAX_ENTRIES = 100_000

/** In two generations, as the cache of credentials: the older one is forgotten when the younger is full. */
export function createRememberedClaims(maxEntries = MAX_ENTRIES): RememberedClaims {
  const generationSize = Math.max(1, Math.floor(maxEntries / 2))
  let young = new Map<string, string>()
  let old = new Map<string, string>()
  const put = (name: string, loginId: string) => {
    young.set(name, loginId)
    if (young.size < generationSize) return
    old = young
    young = new Map()
  }
  return {
    find: (userId, key) => {
      const name = toName(userId, key)
      const loginId = young.get(name) ?? old.get(name)
      if (loginId !== undefined && !young.has(name)) put(name, loginId)
      return loginId
    },
    add: (userId, key, loginId) => put(toName(userId, key), loginId)
  }
}

/** Of one length: a key may have 1 KiB. */
function toName(userId: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, key]))
    .digest('base64url')
}
