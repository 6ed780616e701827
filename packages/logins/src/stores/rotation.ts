import type { RefreshTokenState } from '../login/login.ts'

/**
 * The input of a rotation: a refresh token was presented and must be replaced. Its authenticity has been
 * checked; its age has not.
 */
export interface RotateInput {
  /**
   * Hash of the random bytes that all tokens of its login have in common, as in {@link RefreshTokenState}.
   */
  readonly familyHash: string
  /** The generation of the presented token. */
  readonly generation: number
  /** SHA-256 of the presented token's secret, base64url. */
  readonly hash: string
  /** SHA-256 of the successor's secret, base64url. */
  readonly nextHash: string
  /** The successor's secret, encrypted with the presented token's secret. */
  readonly nextSealed: string
  /**
   * For how many seconds after a rotation the replaced token still returns the same successor; 0 for never.
   */
  readonly graceSeconds: number
}

/** A refresh token that was presented: its authenticity has been checked, its age has not. */
export type PresentedRefreshToken = Pick<RotateInput, 'familyHash' | 'generation' | 'hash' | 'graceSeconds'>

/**
 * `rotate`: replace the token. `repeat`: return the stored successor. `reuse`: remove the login. `unknown`:
 * do nothing.
 */
export type RotationDecision = 'rotate' | 'repeat' | 'reuse' | 'unknown'

/**
 * What happens when a refresh token is presented (RFC 9700 section 4.14.2). The newest token rotates. The one
 * right before it returns the same successor during the grace window, so that a lost response can be
 * requested again and parallel requests of one client agree. An older token, or a later request, comes from a
 * thief, or from the user after a thief; the two cannot be distinguished, so the login is removed.
 *
 * A token of another family was forged with a stolen root secret by somebody who never had a token of this
 * login: it belongs to no login, and must not remove the one that it names.
 *
 * A token of this family from a generation that the store has not reached is genuine: the store lost its
 * newest writes, as in a failover, and the client did nothing wrong. It rotates.
 */
export function decideRotation(
  state: RefreshTokenState,
  presented: PresentedRefreshToken,
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

/** The state of a first token. @param now ms since the epoch. */
export function firstState(
  { familyHash, hash }: Pick<RefreshTokenState, 'familyHash' | 'hash'>,
  now: number
): RefreshTokenState {
  return { familyHash, generation: 0, hash, previousHash: null, sealed: null, rotatedAt: now }
}

/** The state after a rotation. @param now ms since the epoch by the store's clock. */
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
