import { LIMITS } from './rules.ts'
import {
  type AccessToken,
  type Cookie,
  type Credential,
  type Credentials,
  type Fact,
  isSame,
  type RefreshToken,
  type Request,
  type Response,
  type State
} from './state.ts'

/*
 * What must be, by what clients did and got, and never by what the service has stored.
 */

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5'

/** The responses that a request may have, and what a success that it may not have violates. */
export interface Verdict {
  readonly statuses: readonly number[]
  /** Of the login that may serve it. */
  readonly loginId: string | null
  readonly violated: Invariant
}

type Standing = 'valid' | 'unsure' | 'ended' | 'expired' | 'foreign'

function isActive({ isEnded, expiresAt, usedAt, idleMs }: Fact, now: number): boolean {
  return !isEnded && now < Math.min(expiresAt, usedAt + idleMs)
}

/** What is true of a credential; `valid`: a client that presents it must be served. */
export function standingOf({ facts, issued, now }: State, credential: Credential): Standing {
  const fact = facts[credential.loginId]
  const sent = issued.find((one) => isSame(one.credential, credential))
  if (fact === undefined || sent === undefined) return 'foreign'
  if (fact.isEnded) return 'ended'
  // An access token ends with its login, as far as the login's end was known when it was issued.
  const isIdle = credential.kind !== 'access' && !isActive(fact, now)
  if (now >= sent.endsAt || isIdle) return 'expired'
  if (fact.isUnsure) return 'unsure'
  return credential.kind === 'refresh' && isReplaced(fact, credential, now) ? 'ended' : 'valid'
}

/** A replaced token is good for the grace time, and no longer once its successor was used. */
function isReplaced({ chain }: Fact, token: RefreshToken, now: number): boolean {
  const at = chain.findIndex((one) => isSame(one.token, token))
  const newest = chain.at(-1)
  if (at === chain.length - 1 || newest === undefined) return false
  return at !== chain.length - 2 || now - newest.at >= LIMITS.graceSeconds * 1000
}

const violatedBy = (standing: Standing): Invariant =>
  standing === 'ended' ? 'I2' : standing === 'expired' ? 'I5' : 'I3'

/** What must come of a request now. */
export function judge(state: State, { act, presented }: Request): Verdict {
  switch (act) {
    case 'read':
      return judgeRead(state, presented)
    case 'refresh':
      return judgeOne(state, presented.refresh)
    case 'session for access token':
      return judgeSession(state, presented, () => [200])
    case 'session for refresh token':
      return judgeSession(state, presented, (fact) => judgeFirstToken(fact, state.now))
    case 'token for session':
      return judgeToken(state, presented)
    default:
      return { statuses: [200, 401], loginId: null, violated: 'I3' }
  }
}

const rejected = (violated: Invariant): Verdict => ({ statuses: [401], loginId: null, violated })

function judgeOne(state: State, credential: Credential | null): Verdict {
  if (credential === null) return rejected('I5')
  const standing = standingOf(state, credential)
  if (standing !== 'valid' && standing !== 'unsure') return rejected(violatedBy(standing))
  const statuses = standing === 'valid' ? [200] : [200, 401]
  return { statuses, loginId: credential.loginId, violated: 'I3' }
}

function judgeRead(state: State, { access, cookie }: Credentials): Verdict {
  if (access === null) return judgeOne(state, cookie)
  const verdict = judgeOne(state, access)
  const other = verdict.statuses.includes(200) ? standingOfOther(state, access, cookie) : 'foreign'
  if (other === 'valid')
    return { ...verdict, statuses: verdict.statuses.map((code) => (code === 200 ? 400 : code)) }
  return other === 'unsure' ? { ...verdict, statuses: [...verdict.statuses, 400] } : verdict
}

/** Of a credential beside the one that counts, where it is of another user. */
function standingOfOther(
  { ...state }: State,
  counts: Credential,
  other: Cookie | AccessToken | null
): Standing {
  const isOther = other !== null && userOf(state, other) !== userOf(state, counts)
  return isOther ? standingOf(state, other) : 'foreign'
}

const userOf = ({ facts }: State, { loginId }: Credential) => facts[loginId]?.userId

function judgeSession(
  state: State,
  { cookie, access }: Credentials,
  expect: (fact: Fact) => readonly number[]
): Verdict {
  const verdict = judgeOne(state, cookie)
  const fact = cookie && state.facts[cookie.loginId]
  if (cookie === null || !fact || !verdict.statuses.includes(200)) return verdict
  const other = standingOfOther(state, cookie, access)
  if (other === 'valid') return { ...verdict, statuses: fact.isUnsure ? [400, 401] : [400] }
  const statuses = fact.isUnsure ? [200, 401, 409] : expect(fact)
  // What the login has already is taken away from nobody.
  return { ...verdict, violated: 'I1', statuses: other === 'unsure' ? [...statuses, 400] : statuses }
}

/** The first refresh token, or the one that an exchange gave within the grace time, if it was not used since. */
function judgeFirstToken({ chain }: Fact, now: number): readonly number[] {
  const [first, ...used] = chain
  if (first === undefined) return [200]
  const isRepeatable = !first.isOwn && used.length === 0 && now - first.at < LIMITS.graceSeconds * 1000
  return isRepeatable ? [200] : [409]
}

function judgeToken(state: State, { refresh, cookie, access }: Credentials): Verdict {
  const verdict = judgeOne(state, refresh)
  const fact = refresh && state.facts[refresh.loginId]
  if (refresh === null || !fact) return verdict
  const others = [standingOfOther(state, refresh, cookie), standingOfOther(state, refresh, access)]
  const isReplacedNow = standingOf(state, refresh) === 'ended' && !fact.isEnded
  if (others.includes('valid') && (verdict.statuses.includes(200) || isReplacedNow))
    return { ...verdict, statuses: fact.isUnsure ? [400, 401] : [400] }
  const maybe = others.includes('unsure') ? [400] : []
  if (!verdict.statuses.includes(200)) return { ...verdict, statuses: [...verdict.statuses, ...maybe] }
  if (fact.isUnsure) return { ...verdict, statuses: [200, 401, 409, ...maybe] }
  return {
    ...verdict,
    violated: 'I1',
    statuses: [hasForeignSession(state, fact, cookie) ? 409 : 200, ...maybe]
  }
}

/** Whether the login has the session of its sign-in, and the request does not present it. */
function hasForeignSession({ now }: State, { session }: Fact, cookie: Cookie | null): boolean {
  if (session === null || !session.isOwn || now >= session.endsAt) return false
  return cookie === null || !isSame(cookie, session.cookie)
}

/** What is wrong with a response; null for nothing. */
export function findViolation(
  state: State,
  verdict: Verdict,
  request: Request,
  response: Response
): string | null {
  const { statuses, loginId, violated } = verdict
  const where = () => `${request.act} by ${describe(request.presented)} at ${state.now}`
  if (response.status !== 200) {
    if (statuses.includes(response.status)) return null
    const broken = statuses.includes(200) ? 'I1' : violated
    return `${broken}: ${response.status} to ${where()}, expected ${statuses.join()}`
  }
  if (request.act.startsWith('sign in') || request.act === 'log out') return null
  if (!statuses.includes(200)) {
    const isOther = request.presented.access !== null && response.loginId !== request.presented.access.loginId
    return `${isOther && request.act === 'read' ? 'I3' : violated}: 200 to ${where()}, expected ${statuses.join()}`
  }
  return response.loginId === loginId
    ? null
    : `I3: ${response.loginId} serves ${where()}, expected ${loginId}`
}

function describe({ access, cookie, refresh }: Credentials): string {
  const presented = [access, cookie, refresh].filter((one) => one !== null)
  return presented.map((one) => `${one.kind} of ${one.loginId}`).join(' and ') || 'nothing'
}
