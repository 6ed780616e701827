import type { LeadCounts, Phase, PhaseCounts, StoredPhase } from '@drawbridge/logins'
import { findMaximum } from './counts.ts'

/** What the store knows of a migration. */
export interface Progress {
  readonly stored: Pick<StoredPhase, 'phase' | 'version'>
  readonly ledBy: LeadCounts
  readonly counts: PhaseCounts
}

/** For how long no old credential may have been served before the other system is retired: requests on their way, and late users. */
const QUIET_MS = 3_600_000

/**
 * Why a step is not to be taken, or null. That phases are not skipped, and that every node must be in the last one, is decided
 * by the store.
 *
 * @param lose how many logins may be lost. @param now ms since the epoch.
 */
export function findObstacle(
  { stored, ledBy, counts }: Progress,
  to: Phase,
  lose: number | undefined,
  now: number
): string | null {
  if (stored.phase === 'retired' && to === 'new' && findMaximum(counts, 'sweptAt') !== null)
    return 'it was swept: what the other system led is revoked'
  if (to !== 'retired') return null
  if (ledBy.old > (lose ?? 0)) return `${ledBy.old} logins are led by the other system, and would be lost`
  const servedAt = findMaximum(counts, 'oldLastServedAt')
  if (lose !== undefined || servedAt === null || now - servedAt >= QUIET_MS) return null
  return `an old credential was last served at ${new Date(servedAt).toISOString()}, less than an hour ago`
}
