import { isValidSecret, type Login } from '../login/login.ts'
import { decideRotation, firstState, type PresentedRefreshToken } from './rotation.ts'

/**
 * The input of a carry: a login is to be carried by a second credential, for the one that was presented. Nothing
 * else of the login changes: its end, its scopes, and when the user authenticated are those of the login.
 */
export type CarryInput =
  | {
      /** A session secret is added, for a refresh token. */
      readonly add: 'session'
      readonly presented: PresentedRefreshToken
      readonly session: {
        /** SHA-256 of the secret, base64url. */
        readonly secretHash: string
        /** ms since the epoch: when the secret stops being valid, which may be before the login expires. */
        readonly expiresAt: number
      }
    }
  | {
      /** A first refresh token is added, for a session secret. */
      readonly add: 'refresh'
      readonly presented: {
        /** SHA-256 of the secret, base64url. */
        readonly secretHash: string
      }
      /** Hashes of the first token, as in `RefreshTokenState`. */
      readonly refresh: { readonly familyHash: string; readonly hash: string }
    }

/**
 * `add`: write the credential. `keep`: the login has a valid one of that kind, which stays: nothing is taken away
 * from whoever has it. `reuse`: remove the login. `unknown`: do nothing.
 */
export type CarryDecision = 'add' | 'keep' | 'reuse' | 'unknown'

/**
 * What happens when a second credential is asked for. The presented one must be the login's now; a refresh token
 * is judged as at a rotation (`decideRotation`), so that a replaced one ends the login here too. Of any number of
 * calls at once one adds, and the others get what it added.
 *
 * @param now ms since the epoch by the store's clock.
 */
export function decideCarry(
  login: Pick<Login, 'session' | 'refresh'>,
  input: CarryInput,
  now: number
): CarryDecision {
  return input.add === 'session' ? decideSession(login, input, now) : decideRefresh(login, input, now)
}

function decideSession(
  { session, refresh }: Pick<Login, 'session' | 'refresh'>,
  { presented }: Extract<CarryInput, { add: 'session' }>,
  now: number
): CarryDecision {
  if (refresh === null) return 'unknown'
  const decision = decideRotation(refresh, presented, now)
  if (decision === 'unknown' || decision === 'reuse') return decision
  return isValidSecret(session, now) ? 'keep' : 'add'
}

function decideRefresh(
  { session, refresh }: Pick<Login, 'session' | 'refresh'>,
  { presented }: Extract<CarryInput, { add: 'refresh' }>,
  now: number
): CarryDecision {
  if (!isValidSecret(session, now) || session.secretHash !== presented.secretHash) return 'unknown'
  return refresh === null ? 'add' : 'keep'
}

/** The login after `add`: that is use, and changes nothing else. @param now ms since the epoch by the store's clock. */
export function carriedLogin(login: Login, input: CarryInput, now: number): Login {
  const used = { ...login, lastSeenAt: Math.max(now, login.lastSeenAt) }
  if (input.add === 'session') return { ...used, session: input.session }
  return { ...used, refresh: firstState(input.refresh, now) }
}
