import type { Engine } from './engine.ts'
import { isGiven } from './not-given.ts'
import type { PhaseWatch } from './phase-watch.ts'

/** No browser keeps a cookie for longer (RFC 6265bis section 5.5). */
const LONGEST_COOKIE_MS = 400 * 86_400_000

/** Whatever revokes a login here, such as a list of devices, revokes it in the other system, and bars what it has unclaimed. */
export function endThereToo({ adoptions, logins, migration, old, watch, counts, onError }: Engine): void {
  const { name, acceptUntil } = migration
  adoptions.useBars(acceptUntil?.getTime() ?? logins.now() + LONGEST_COOKIE_MS)
  adoptions.onRevoked(async (revoked) => {
    for (const { adoption } of revoked) {
      if (adoption.migration !== name || !isGiven(adoption.key) || isRetired(watch)) continue
      await old.revoke(adoption.key).catch((error: Error) => {
        if (watch.isKnown) counts.add(watch.current.phase, 'endFailed')
        onError(error)
        throw error
      })
    }
  })
}

/** Ends there again what could not be ended. Each failure is logged and counted where it happens. */
export async function reportFailed(adoptions: Engine['adoptions']): Promise<void> {
  await adoptions.reportFailed().catch(() => {})
}

/** The other system may be gone by then. */
function isRetired(watch: PhaseWatch): boolean {
  return watch.isKnown && watch.current.phase === 'retired'
}
