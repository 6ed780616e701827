import type { RefreshTokenState } from '../login/login.ts'

/** A refresh token is shown and is to be replaced. Its authenticity is checked before; its age is not. */
export interface RotateInput {
  /** Hash of what all tokens of its login have in common, as in {@link RefreshTokenState}. */
  readonly familyHash: string
  /** The generation that the shown token carries. */
  readonly generation: number
  /** SHA-256 of the shown token's secret, base64url. */
  readonly hash: string
  /** SHA-256 of the successor's secret, base64url. */
  readonly nextHash: string
  /** The successor's secret, sealed under the shown token's secret. */
  readonly nextSealed: string
  /** How long after a rotation the replaced token still gives the same successor; 0 for never. */
  readonly graceSeconds: number
}

export type RotationDecision = 'rotate' | 'repeat' | 'reuse' | 'unknown'

/**
 * Who wins when a refresh token is shown (RFC 9700 section 4.14.2). The newest token rotates. The one right
 * before it gives the same successor while the grace window lasts, so that a lost answer can be asked for again
 * and parallel requests of one client agree. Anything older, or later, is a stolen token or its owner coming
 * second; the two cannot be told apart, so the login ends.
 *
 * A token of another family was made by somebody who never had one of this login, with a stolen root secret: it is
 * nobody's, and must not end the login of whoever's it names.
 *
 * A token of this family from a generation that the store has not reached is genuine, which means that the store lost
 * its newest writes, as in a failover, not that the client did wrong: it rotates.
 */
export function decideRotation(
  state: RefreshTokenState,
  presented: RotateInput,
  now: number
): RotationDecision {
  if (presented.familyHash !== state.familyHash) return 'unknown'
  if (presented.generation > state.generation) return 'rotate'
  if (presented.generation === state.generation) return presented.hash === state.hash ? 'rotate' : 'reuse'
  const isPreviousToken =
    presented.generation === state.generation - 1 && presented.hash === state.previousHash
  // A clock that was set back must not open a window of 0 s.
  const inWindow = Math.max(0, now - state.rotatedAt) < presented.graceSeconds * 1000
  return isPreviousToken && inWindow ? 'repeat' : 'reuse'
}

/** The handle that the winner of a rotation leaves behind. */
export function rotatedState(presented: RotateInput, now: number): RefreshTokenState {
  return {
    familyHash: presented.familyHash,
    generation: presented.generation + 1,
    hash: presented.nextHash,
    previousHash: presented.hash,
    sealed: presented.nextSealed,
    rotatedAt: now
  }
}
