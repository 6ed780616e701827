import type { Follower } from '@drawbridge/carrier'
import type { Move } from './engine.ts'
import { gone } from './errors.ts'

/** The follower of a carrier of ours that users are moved away from, to the other one. */
export interface OwnCarrier {
  readonly follower: Follower
  /** Once a second. */
  readonly refresh: () => void
}

/**
 * A login stays the same one, and an exchange has added the other carrier to it: nothing is adopted, and nothing leads. Until
 * the phase is `retired` its credentials count; from then on they do not, and sign-ins by it are over.
 *
 * That it was used is noted once a second, so that the operator sees it and the hot path does not pay for it.
 */
export function createOwnCarrier({ watch, counts, logins }: Move): OwnCarrier {
  let isNoted = false
  const isRetired = () => watch.current.phase === 'retired'
  return {
    follower: {
      isSettled: () => isNoted && watch.isKnown && !isRetired(),
      follow: async (_request, ours) => {
        if (!ours.ok) return { kind: 'ours' }
        if (isRetired()) return { kind: 'none', isPresented: true, cause: 'this carrier is retired' }
        counts.serveOld(watch.current.phase, logins.now())
        isNoted = true
        return { kind: 'ours' }
      },
      beforeSignIn: async () => {
        if (isRetired()) throw gone('this carrier is retired')
      },
      adopt: async () => null,
      logOut: async () => false
    },
    refresh: () => {
      isNoted = false
    }
  }
}
