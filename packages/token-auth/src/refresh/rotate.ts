import type { Login, RotateInput } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import {
  hashFamily,
  hashSecret,
  NEWEST_ROOT,
  newRandom,
  type RefreshToken,
  type RefreshTokenFormat
} from './refresh-token.ts'
import type { SuccessorSeal } from './successor-seal.ts'

export interface RotateDependencies {
  readonly logins: Pick<CarrierLogins, 'rotate'>
  readonly format: RefreshTokenFormat
  readonly seal: SuccessorSeal
  readonly refreshGraceSeconds: number
}

/** The successor of a refresh token, and what the store needs to make it one. */
export interface RotationAttempt {
  readonly input: RotateInput
  readonly successor: string
}

/** The result of {@link rotate}. */
export type RotationOutcome =
  /** `repeated`: another call had rotated the same token; `refreshToken` is the one that it returned. */
  | { readonly ok: true; readonly repeated: boolean; readonly login: Login; readonly refreshToken: string }
  | { readonly ok: false; readonly reason: 'unknown' }
  /** It was replaced before; its login is revoked. */
  | { readonly ok: false; readonly reason: 'reused'; readonly login: Login }

/** Draws a successor. @param token not of the last generation, which has no successor. */
export function createAttempt(
  { format, seal, refreshGraceSeconds }: Omit<RotateDependencies, 'logins'>,
  token: RefreshToken
): RotationAttempt {
  const secret = newRandom()
  return {
    successor: format.write({ ...token, generation: token.generation + 1, secret }),
    input: {
      familyHash: hashFamily(token.family),
      generation: token.generation,
      hash: hashSecret(token.secret),
      nextHash: hashSecret(secret),
      nextSealed: seal.seal(token, { secret, keyIndex: NEWEST_ROOT }),
      graceSeconds: refreshGraceSeconds
    }
  }
}

/** Replaces a refresh token (RFC 9700 section 4.14.2). Of parallel calls the store decides in one step which one does. */
export async function rotate(
  dependencies: RotateDependencies,
  token: RefreshToken,
  { input, successor }: RotationAttempt
): Promise<RotationOutcome> {
  const outcome = await dependencies.logins.rotate(token.loginId, input)
  switch (outcome.kind) {
    case 'rotated':
      return { ok: true, repeated: false, login: outcome.login, refreshToken: successor }
    case 'repeated':
      return repeated(dependencies, token, outcome.login)
    case 'reused':
      return { ok: false, reason: 'reused', login: outcome.login }
    case 'unknown':
      return { ok: false, reason: 'unknown' }
  }
}

/** The very token that the first call returned, so that all parallel calls return one. */
function repeated({ seal, format }: RotateDependencies, token: RefreshToken, login: Login): RotationOutcome {
  const successor = seal.open(token, login.refresh?.sealed ?? '')
  if (successor === null) return { ok: false, reason: 'unknown' }
  const { secret, keyIndex } = successor
  const refreshToken = format.write({ ...token, generation: token.generation + 1, secret }, keyIndex)
  return { ok: true, repeated: true, login, refreshToken }
}
