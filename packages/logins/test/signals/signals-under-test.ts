import { EventEmitter } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OnStale, OnStoreDown } from '../../src/cache/outage-policy.ts'
import type { Login } from '../../src/login/login.ts'
import type { Carrier, Principal } from '../../src/login/principal.ts'
import type { NewLogin } from '../../src/logins.ts'
import { LoginSignals } from '../../src/signals/login-signals.ts'
import { newLoginInput, setUp } from '../logins-under-test.ts'

interface Options {
  readonly onStale?: OnStale
  readonly onStoreDown?: OnStoreDown
  readonly touchIntervalSeconds?: number
}

/** The signals of a node whose feed and clock the test moves, over the real logins of a memory store. */
export function setUpSignals(options: Options = {}) {
  const { logins, clock, spy, store } = setUp()
  const feed = { fresh: true, trustEpoch: 1, renewals: 0 }
  const touched: Array<{ readonly loginId: string; readonly seenAt: number }> = []
  const revoked = new Set<string>()
  const questions = { asked: 0, replied: 0 }
  const signals = new LoginSignals({
    feed: {
      isFresh: () => feed.fresh,
      renew: async () => {
        feed.renewals += 1
        return feed.fresh
      },
      get trustEpoch() {
        return feed.trustEpoch
      }
    },
    clockSteps: { check: () => {} },
    touches: { add: (loginId, seenAt) => void touched.push({ loginId, seenAt }) },
    touchIntervalSeconds: 60,
    retentionSeconds: 900,
    onStale: 'ask-store',
    onStoreDown: 'fail-closed',
    isRevoked: (loginId) => revoked.has(loginId),
    resolve: async (loginId) => {
      questions.asked += 1
      return logins.resolve(loginId).finally(() => (questions.replied += 1))
    },
    now: clock.now,
    monotonicNow: clock.monotonicNow,
    ...options
  })
  const signIn = async (changes: Partial<NewLogin> = {}): Promise<Principal> =>
    asPrincipal(await logins.create(newLoginInput(changes)))
  /** What the node does by itself as time passes, with all that follows from it. */
  const check = async () => {
    signals.check()
    await settle()
  }
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await nextTurn()
  }
  const pass = async (ms: number) => {
    clock.advance(ms)
    await check()
  }
  return {
    signals,
    logins,
    clock,
    spy,
    store,
    feed,
    touched,
    revoked,
    questions,
    signIn,
    check,
    settle,
    pass
  }
}

/** As a guard would give it. */
export function asPrincipal(login: Login, carrier: Carrier = 'session'): Principal {
  const { id, userId, username, authenticatedAt, expiresAt } = login
  return { loginId: id, userId, username, authenticatedAt, expiresAt, carrier, scopes: [] }
}

/** A promise that the test resolves. */
export function createGate<Value>() {
  let open: (value: Value) => void = () => {}
  const opened = new Promise<Value>((resolve) => (open = resolve))
  return { opened, open: (value: Value) => open(value) }
}

/** What closes. */
export const openSocket = () => new EventEmitter()

/** The code by which a signal was aborted; undefined while it was not. */
export function codeOf({ aborted, reason }: AbortSignal): unknown {
  return aborted ? ((reason as { readonly code?: unknown }).code ?? String(reason)) : undefined
}

export const REVOKED = 'DRAWBRIDGE_LOGIN_REVOKED'
export const EXPIRED = 'DRAWBRIDGE_LOGIN_EXPIRED'
export const UNCONFIRMED = 'DRAWBRIDGE_LOGIN_UNCONFIRMED'
