import { attemptTraps } from './attempts.ts'
import { browserTraps } from './browsers.ts'
import { outageTraps } from './outages.ts'
import { refreshTokenTraps } from './refresh-tokens.ts'
import { revocationTraps } from './revocation.ts'
import { storeTraps } from './stores.ts'
import type { Trap } from './trap.ts'

/** All of them, in the order of the guide. */
export const traps: readonly Trap[] = [
  ...revocationTraps,
  ...refreshTokenTraps,
  ...browserTraps,
  ...storeTraps,
  ...attemptTraps,
  ...outageTraps
]
