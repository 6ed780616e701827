import type { BridgedSessions, BridgedTokens } from '@drawbridge/carrier'
import { createAdoptionThrottle } from './adoption-throttle.ts'
import type { Engine, Move } from './engine.ts'
import { createOldSide } from './old-side.ts'
import type { ForeignMigration } from './options.ts'
import { createRememberedClaims } from './remembered-claims.ts'
import { createSettled } from './settled.ts'

/** @param ours the carrier that users are moved to. */
export function createEngine(
  move: Move,
  migration: ForeignMigration,
  ours: BridgedSessions | BridgedTokens,
  exchangePath: string | null
): Engine {
  const later = (work: () => Promise<void>, ms: number) => {
    setTimeout(() => void work().catch(move.onError), ms).unref()
  }
  return {
    ...move,
    migration,
    ours,
    old: createOldSide(migration, move.requestTimeoutMs, later),
    settled: createSettled(),
    claims: createRememberedClaims(),
    throttle: createAdoptionThrottle(migration, ours.credentials),
    exchangePath
  }
}
