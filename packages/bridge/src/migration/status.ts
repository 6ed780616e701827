import { type Phase, PHASES, type StoredPhase } from '@drawbridge/logins'
import { findMaximum, NEVER, toCounts } from './counts.ts'
import type { Move } from './engine.ts'
import { LEASE_MS, minPhaseMs } from './phase-watch.ts'
import { findObstacle, type Progress } from './steps.ts'
import type { MigrationStatus, NextStep } from './types.ts'
import { listWarnings } from './warnings.ts'

const FIRST = { phase: 'old', version: 0 } as const

/** What the store knows, with the row of the phase as it is. */
export type StoredProgress = Progress & { readonly row: StoredPhase | null }

export async function readProgress({
  adoptions,
  migration: { name },
  requestTimeoutMs
}: Move): Promise<StoredProgress> {
  const [row, ledBy, counts] = await Promise.all([
    adoptions.readPhase(name),
    adoptions.countByLead(name, requestTimeoutMs),
    adoptions.readCounts(name)
  ])
  return { row, stored: row ?? FIRST, ledBy, counts }
}

/** See `Migrations.status`. */
export async function readStatus(move: Move): Promise<MigrationStatus> {
  const { migration, logins, requestTimeoutMs } = move
  const progress = await readProgress(move)
  const { row, stored, ledBy, counts } = progress
  const [oldLogins, warnings] = await Promise.all([move.countOld(), listWarnings(move, progress)])
  const now = logins.now()
  return {
    name: migration.name,
    phase: stored.phase,
    version: stored.version,
    since: row?.since ?? null,
    by: row?.by ?? null,
    isEverywhere: row === null || now - row.since >= LEASE_MS,
    ledByOld: ledBy.old,
    ledByNew: ledBy.new,
    mayOldInstancesStart: isOldServed(stored.phase) && ledBy.new === 0 && ledBy.returned === 0,
    oldLogins,
    acceptUntil: migration.acceptUntil?.getTime() ?? null,
    oldLastServedAt: findMaximum(counts, 'oldLastServedAt'),
    deadAtLatest: findDeadAtLatest(progress, migration.acceptUntil?.getTime() ?? Infinity, now),
    counts: toCounts(counts),
    warnings,
    next: findNext(progress, requestTimeoutMs, now)
  }
}

const isOldServed = (phase: Phase) => phase === 'old' || phase === 'both'

/**
 * The latest expiry of those that were presented. One that never was has at most the life that the others had, from the moment on
 * at which the other system stopped, which it has at the latest in the phase `new`.
 *
 * @param acceptUntil ms since the epoch.
 */
function findDeadAtLatest({ row, counts }: StoredProgress, acceptUntil: number, now: number): number | null {
  const isStopped = row?.phase === 'new' || row?.phase === 'retired'
  const life = findMaximum(counts, 'longestLifeMs')
  const expiresAt = findMaximum(counts, 'oldExpiresAt')
  const known =
    life === null || expiresAt === null ? Infinity : Math.max(expiresAt, (isStopped ? row.since : now) + life)
  const latest = Math.min(known, acceptUntil)
  return latest >= NEVER ? null : latest
}

function findNext(progress: StoredProgress, requestTimeoutMs: number, now: number): NextStep | null {
  const { row, stored } = progress
  const phase = PHASES[PHASES.indexOf(stored.phase) + 1]
  if (phase === undefined) return null
  const waitMs = row === null ? 0 : row.since + minPhaseMs(requestTimeoutMs) - now
  const tooSoon = waitMs > 0 ? `not before ${Math.ceil(waitMs / 1000)} s have passed` : null
  return { phase, obstacle: findObstacle(progress, phase, undefined, now) ?? tooSoon }
}
