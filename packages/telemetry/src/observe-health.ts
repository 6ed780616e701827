import type { Attributes, BatchObservableCallback, BatchObservableResult, Meter } from '@opentelemetry/api'
import type { Instruments, ObservedName } from './instruments.ts'
import type { Stop } from './listen.ts'
import type { ParsedTelemetryOptions } from './options.ts'

type Observe = (name: ObservedName, value: number, attributes?: Attributes) => void

/** Reads the health of logins and credentials each time that the metrics are collected, and at no other. */
export function observeHealth(
  meter: Meter,
  { observed }: Instruments,
  { logins, credentials }: Pick<ParsedTelemetryOptions, 'logins' | 'credentials'>
): Stop {
  const callback: BatchObservableCallback = (result: BatchObservableResult) => {
    const observe: Observe = (name, value, attributes) => result.observe(observed[name], value, attributes)
    observeLogins(observe, logins)
    if (credentials !== undefined) observeHashing(observe, credentials)
  }
  const observables = Object.values(observed)
  meter.addBatchObservableCallback(callback, observables)
  return () => meter.removeBatchObservableCallback(callback, observables)
}

function observeLogins(observe: Observe, logins: ParsedTelemetryOptions['logins']): void {
  const health = logins.health()
  observe('feedFresh', Number(health.isFresh))
  // Before the first proof it is infinite, which some backends reject.
  if (Number.isFinite(health.leaseAgeMs)) observe('leaseAge', health.leaseAgeMs / 1000)
  observe('clockOffset', health.clockOffsetMs / 1000)
  observe('revocationListSize', health.revocationListSize)
  observe('secretsDiffer', Number(health.secretsDiffer))
  observe('cacheSize', health.cacheSize)
  observeEach(observe, 'feedResets', 'drawbridge.reset.reason', health.resets)
  observeEach(observe, 'cacheLookups', 'drawbridge.cache.result', health.cacheLookups)
  observeEach(observe, 'storeAsks', 'drawbridge.store.ask.reason', health.storeAsks)
}

function observeHashing(
  observe: Observe,
  credentials: NonNullable<ParsedTelemetryOptions['credentials']>
): void {
  const { running, waiting, rejectedCount } = credentials.health().hashing
  observe('hashingRunning', running)
  observe('hashingWaiting', waiting)
  observe('hashingRejected', rejectedCount)
}

function observeEach(
  observe: Observe,
  name: ObservedName,
  attribute: string,
  counts: Readonly<Record<string, number>>
): void {
  for (const [value, count] of Object.entries(counts)) observe(name, count, { [attribute]: value })
}
