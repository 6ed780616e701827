import type { Login, Logins, Rotation } from '@drawbridge/logins'
import {
  familyHashOf,
  hashOf,
  NEWEST_ROOT,
  newRandom,
  type RefreshToken,
  type RefreshTokenFormat
} from './refresh-token.ts'
import type { SuccessorSeal } from './successor-seal.ts'

export interface RotateOptions {
  readonly logins: Pick<Logins, 'rotate'>
  readonly format: RefreshTokenFormat
  readonly seal: SuccessorSeal
  readonly refreshGraceSeconds: number
}

/** What a refresh token is to be replaced by. */
export interface Attempt {
  readonly rotation: Rotation
  readonly successor: string
}

export type Rotated =
  /** `replayed`: another call had rotated the same token, and this is what that one was given. */
  | { readonly ok: true; readonly replayed: boolean; readonly login: Login; readonly refreshToken: string }
  /** `reused`: it was replaced before; its login has ended. */
  | { readonly ok: false; readonly reason: 'unknown' }
  | { readonly ok: false; readonly reason: 'reused'; readonly login: Login }

/** @param shown not of the last generation, which has no next. */
export function newAttempt(
  { format, seal, refreshGraceSeconds }: Omit<RotateOptions, 'logins'>,
  shown: RefreshToken
): Attempt {
  const secret = newRandom()
  return {
    successor: format.write({ ...shown, generation: shown.generation + 1, secret }),
    rotation: {
      familyHash: familyHashOf(shown.family),
      generation: shown.generation,
      hash: hashOf(shown.secret),
      nextHash: hashOf(secret),
      nextSealed: seal.seal(shown, { secret, keyIndex: NEWEST_ROOT }),
      graceSeconds: refreshGraceSeconds
    }
  }
}

/** Replaces a refresh token (RFC 9700 section 4.14.2). Who wins is for the store to say, in one step. */
export async function rotate(
  options: RotateOptions,
  shown: RefreshToken,
  { rotation, successor }: Attempt
): Promise<Rotated> {
  const outcome = await options.logins.rotate(shown.loginId, rotation)
  switch (outcome.kind) {
    case 'rotated':
      return { ok: true, replayed: false, login: outcome.login, refreshToken: successor }
    case 'replayed':
      return replayed(options, shown, outcome.login)
    case 'reused':
      return { ok: false, reason: 'reused', login: outcome.login }
    case 'unknown':
      return { ok: false, reason: 'unknown' }
  }
}

/** The very token that the winner was given, so that all who raced hold one. */
function replayed({ seal, format }: RotateOptions, shown: RefreshToken, login: Login): Rotated {
  const successor = seal.open(shown, login.refresh?.sealed ?? '')
  if (successor === null) return { ok: false, reason: 'unknown' }
  const { secret, keyIndex } = successor
  const refreshToken = format.write({ ...shown, generation: shown.generation + 1, secret }, keyIndex)
  return { ok: true, replayed: true, login, refreshToken }
}
