import type { RevocationCause } from '@drawbridge/logins'

/** Why a login of ours is revoked whose user has logged out with the other system. */
export const LOGGED_OUT_THERE: Required<RevocationCause> = { by: 'foreign', reason: 'logged-out-there' }
