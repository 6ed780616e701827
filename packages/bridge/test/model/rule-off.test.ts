import t from 'tap'
import { exploreAll, exploreAtRandom, type Findings } from './explore.ts'
import { rejectedBy } from '../../src/outcome.ts'
import { LIMITS, type Rules, shippedRules as shipped } from './rules.ts'
import { createStarts } from './starts.ts'
import type { Invariant } from './truth.ts'

/** A rule that is switched off, and the invariant that is then violated. */
interface RuleOff {
  readonly off: Partial<Rules>
  readonly violates: Invariant
}

const RULES_OFF: Readonly<Record<string, RuleOff>> = {
  'a second session replaces the first': {
    off: {
      decideCarry: (...args) => {
        const decision = shipped.decideCarry(...args)
        return decision === 'keep' && args[1].add === 'session' ? 'add' : decision
      }
    },
    violates: 'I1'
  },
  'a second first refresh token replaces what the client has': {
    off: {
      decideCarry: (...args) => {
        const decision = shipped.decideCarry(...args)
        return decision === 'keep' && args[1].add === 'refresh' ? 'add' : decision
      }
    },
    violates: 'I1'
  },
  'a session secret is drawn, not derived': {
    off: { deriveSession: (_family, _expiresAt, draw) => draw() },
    violates: 'I1'
  },
  'a refresh token is drawn, not derived': {
    off: { deriveRefresh: (_secret, _loginId, draw) => ({ family: draw(), secret: draw() }) },
    violates: 'I1'
  },
  'a session that is added takes the refresh token away': {
    off: {
      carriedLogin: (login, input, now) => ({ ...shipped.carriedLogin(login, input, now), refresh: null })
    },
    violates: 'I1'
  },
  'a refresh token that is added takes the session away': {
    off: {
      carriedLogin: (login, input, now) => {
        const carried = shipped.carriedLogin(login, input, now)
        return input.add === 'refresh' ? { ...carried, session: null } : carried
      }
    },
    violates: 'I1'
  },
  'there is no grace time': {
    off: {
      decideRotation: (state, presented, now) =>
        shipped.decideRotation(state, { ...presented, graceSeconds: 0 }, now)
    },
    violates: 'I1'
  },
  'a cookie that is not valid, of another user, has the request rejected': {
    off: { chooseCredential: (token, session) => (session.ok ? token : rejectedBy('session', session)) },
    violates: 'I1'
  },
  'to add a credential is not use': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        lastSeenAt: login.lastSeenAt
      })
    },
    violates: 'I1'
  },
  'a replaced refresh token is accepted after the grace time': {
    off: {
      decideRotation: (state, presented, now) => {
        const decision = shipped.decideRotation(state, presented, now)
        return decision === 'reuse' ? 'repeat' : decision
      }
    },
    violates: 'I2'
  },
  'a replaced refresh token revokes nothing': {
    off: {
      decideRotation: (state, presented, now) => {
        const decision = shipped.decideRotation(state, presented, now)
        return decision === 'reuse' ? 'unknown' : decision
      }
    },
    violates: 'I2'
  },
  'an exchange does not look at the age of the refresh token': {
    off: {
      decideCarry: (login, input, now) => {
        const decision = shipped.decideCarry(login, input, now)
        if (decision !== 'reuse') return decision
        return login.session === null ? 'add' : 'keep'
      }
    },
    violates: 'I2'
  },
  'a store that lost a revocation is believed': { off: { checksRevocations: false }, violates: 'I2' },
  'a carry does not compare the session secret': {
    off: {
      decideCarry: (login, input, now) =>
        shipped.decideCarry(
          login,
          input.add === 'refresh' && login.session !== null ? { ...input, presented: login.session } : input,
          now
        )
    },
    violates: 'I3'
  },
  'a session secret is not compared': {
    off: { isSecretOf: (_secret, stored) => stored !== null },
    violates: 'I3'
  },
  'the family of a refresh token is not compared': {
    off: {
      decideRotation: (state, presented, now) =>
        shipped.decideRotation(state, { ...presented, familyHash: state.familyHash, hash: state.hash }, now)
    },
    violates: 'I3'
  },
  'a cookie makes a bad token good': {
    off: { rejectToken: (token, session) => (session.ok ? session : rejectedBy('token', token)) },
    violates: 'I3'
  },
  'two users in one request are not rejected': {
    off: { chooseCredential: (token) => token },
    violates: 'I3'
  },
  'the cookie counts where there are two logins': {
    off: {
      chooseCredential: (token, session) => {
        const outcome = shipped.chooseCredential(token, session)
        return outcome.ok && session.ok ? session : outcome
      }
    },
    violates: 'I3'
  },
  'an exchange makes a login of its own': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        id: `copy of ${login.id}`
      })
    },
    violates: 'I4'
  },
  'an exchange moves the end of the login': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        expiresAt: now + LIMITS.refreshAbsoluteMs + 1
      })
    },
    violates: 'I5'
  },
  'an exchange counts as authentication': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        authenticatedAt: now + 1
      })
    },
    violates: 'I5'
  },
  'an exchange adds a scope': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        scopes: [...(login.scopes ?? []), 'admin']
      })
    },
    violates: 'I5'
  },
  'an exchange changes the idle limit': {
    off: {
      carriedLogin: (login, input, now) => ({
        ...shipped.carriedLogin(login, input, now),
        idleTimeoutSeconds: login.idleTimeoutSeconds + 1
      })
    },
    violates: 'I5'
  },
  'a session that an exchange gave has no end of its own': {
    off: { carriedSessionEndsAt: ({ expiresAt }) => expiresAt },
    violates: 'I5'
  },
  'a session secret is valid after its end': {
    off: { isSecretOf: (secret, stored) => stored?.secretHash === secret },
    violates: 'I5'
  },
  'an access token outlives the session that it was issued for': {
    off: { accessTokenEndsAt: (login, now) => shipped.accessTokenEndsAt(login, now, Infinity) },
    violates: 'I5'
  },
  'an access token outlives its login': {
    off: { accessTokenEndsAt: (_login, now) => now + LIMITS.accessTokenMs },
    violates: 'I5'
  },
  'an access token gets a refresh token': {
    off: { selectForExchange: ({ cookie, access }) => (cookie ? 'cookie' : access && 'access') },
    violates: 'I5'
  },
  'nothing expires': { off: { loginEndsAt: () => Infinity }, violates: 'I5' }
}

/** The shortest way that there is, or else a longer one. */
function findFirst(rules: Rules): Findings {
  for (const start of Object.values(createStarts(rules))) {
    const findings = exploreAll(rules, start, start.issued.length === 0 ? 1 : 2)
    if (findings.violation !== null) return findings
  }
  const seeds = [1, 2, 3, 4]
  for (const seed of seeds) {
    const findings = exploreAtRandom(rules, { clientCount: 2, walks: 250, steps: 40, seed })
    if (findings.violation !== null) return findings
  }
  return { states: 0, violation: null, trail: [] }
}

for (const [name, { off, violates }] of Object.entries(RULES_OFF)) {
  t.test(`${violates} is violated where ${name}`, async (t) => {
    const { violation, trail } = findFirst({ ...shipped, ...off })
    t.comment([violation, ...trail].join('; '))
    t.match(violation ?? 'nothing', new RegExp(`^${violates}:`))
  })
}
