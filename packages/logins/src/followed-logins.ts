import { CachePolicy } from './cache/cache-policy.ts'
import { ClockStepDetector } from './cache/clock-step-detector.ts'
import type { OnStale, OnStoreDown } from './cache/outage-policy.ts'
import type { CarrierLogins } from './carrier-logins.ts'
import { wrapOutage } from './errors.ts'
import { createPublishEvent } from './events/login-events.ts'
import type { FeedHealth, FeedReader } from './revocation/feed.ts'
import { RevocationList } from './revocation/revocation-list.ts'
import { UserChanges } from './revocation/user-changes.ts'

/** Options of {@link followLogins}: those of `createLogins` that do not need a store. */
export interface FollowLoginsOptions {
  readonly feed: FeedReader
  readonly retentionSeconds: number
  readonly cacheMaxAgeSeconds: number
  readonly cacheMaxEntries: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  /** How far the clock of this node may differ from that of the feed's server, seconds. */
  readonly clockSkewSeconds: number
  /** ms since the epoch, by the clock of this node. */
  readonly now: () => number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
}

/** What a node knows of the logins of another service, by a feed that it only reads. The methods are those of `CarrierLogins`. */
export interface FollowedLogins extends Pick<
  CarrierLogins,
  | 'retentionSeconds'
  | 'now'
  | 'localStatus'
  | 'openCache'
  | 'freshen'
  | 'startQuery'
  | 'remember'
  | 'fallback'
  | 'publishEvent'
> {
  /** All that was verified must be verified again. */
  clearCaches(): void
  /** No I/O. */
  health(): FollowedLoginsHealth
  /** Resolves when the feed is fresh and the clock of this node is right; rejects with a LoginsUnavailableError. */
  ping(): Promise<void>
  /** Closes the feed. */
  close(): Promise<void>
}

/** The state of a node that follows the logins of another service. */
export interface FollowedLoginsHealth extends FeedHealth {
  readonly isClockRight: boolean
  readonly trustEpoch: number
  /** How many revoked logins the node remembers. */
  readonly revocationListSize: number
  /** How many verified credentials it has cached. */
  readonly cacheSize: number
}

/** Follows the logins of another service: there is no store, no record and nothing to write. */
export function followLogins(options: FollowLoginsOptions): FollowedLogins {
  const { feed, retentionSeconds, monotonicNow, clockSkewSeconds } = options
  const now = () => options.now() + feed.clockOffsetMs
  const revocationList = new RevocationList(retentionSeconds, monotonicNow)
  const clockSteps = new ClockStepDetector({
    now,
    monotonicNow,
    isReady: () => feed.coveredFrom !== Infinity,
    onStep: () => policy.clearCaches()
  })
  const changes = new UserChanges({
    feed: { subscribeChanges: (listener) => feed.subscribeChanges(listener), publishChanges: rejectWrite },
    clockSteps,
    retentionSeconds,
    now,
    monotonicNow,
    onHeard: (prefixes) => policy.forgetByPrefix(prefixes)
  })
  const policy = new CachePolicy({
    ...options,
    revocationList,
    changes,
    clockSteps,
    // Use of a login, and its end, are for the service that has its record.
    touches: { add: () => {} },
    onExpired: () => {},
    touchIntervalSeconds: Infinity,
    now
  })
  feed.subscribe(({ loginId }) => {
    clockSteps.check()
    revocationList.add(loginId)
  })
  const health = (): FollowedLoginsHealth => ({
    ...feed.health(),
    isClockRight: Math.abs(feed.clockOffsetMs) <= clockSkewSeconds * 1000,
    trustEpoch: feed.trustEpoch,
    revocationListSize: revocationList.size,
    cacheSize: policy.cacheSize
  })
  return {
    retentionSeconds,
    now,
    localStatus: (loginId, issuedAt) => policy.localStatus(loginId, issuedAt),
    openCache: () => policy.openCache(),
    freshen: (cache, credential, route) => policy.freshen(cache, credential, route),
    startQuery: () => policy.startQuery(),
    remember: (...args) => policy.remember(...args),
    fallback: (...args) => policy.fallback(...args),
    publishEvent: createPublishEvent({ now }),
    clearCaches: () => policy.clearCaches(),
    health,
    ping: () =>
      wrapOutage(async () => {
        await feed.ping()
        const { isClockRight, clockOffsetMs } = health()
        if (!isClockRight) throw new Error(`the clock of this node is off by ${clockOffsetMs} ms`)
      }),
    close: () => feed.close()
  }
}

const rejectWrite = () => Promise.reject(new Error('the feed is only read'))
