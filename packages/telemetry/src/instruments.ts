import type { Attributes, Counter, Histogram, Meter, MetricOptions, Observable } from '@opentelemetry/api'
import { type MetricDefinition, metrics, type MetricName, type NameOf } from './metrics.ts'

/** The metrics that are read when they are collected. */
export type ObservedName = NameOf<'observed counter' | 'observed up-down counter' | 'observed gauge'>

/** How the rest of this package records metrics: by their names in the table. */
export interface Instruments {
  /** Adds one to a counter. */
  readonly count: (name: NameOf<'counter'>, attributes: Attributes) => void
  /** Records a value in a histogram. @param ms it is exported in seconds. */
  readonly record: (name: NameOf<'histogram'>, ms: number, attributes: Attributes) => void
  readonly observed: Readonly<Record<ObservedName, Observable>>
}

/** Creates every instrument of the table. */
export function createInstruments(meter: Meter): Instruments {
  const created = new Map<MetricName, unknown>()
  for (const name of Object.keys(metrics) as MetricName[]) created.set(name, create(meter, metrics[name]))
  return {
    count: (name, attributes) => (created.get(name) as Counter).add(1, attributes),
    record: (name, ms, attributes) => (created.get(name) as Histogram).record(ms / 1000, attributes),
    observed: Object.fromEntries(created) as Record<ObservedName, Observable>
  }
}

function create(meter: Meter, definition: MetricDefinition): unknown {
  const { name, kind, unit, description, boundaries } = definition
  const options: MetricOptions = { ...(unit !== '' && { unit }), description }
  switch (kind) {
    case 'counter':
      return meter.createCounter(name, options)
    case 'histogram':
      return meter.createHistogram(name, {
        ...options,
        ...(boundaries && { advice: { explicitBucketBoundaries: [...boundaries] } })
      })
    case 'observed counter':
      return meter.createObservableCounter(name, options)
    case 'observed up-down counter':
      return meter.createObservableUpDownCounter(name, options)
    case 'observed gauge':
      return meter.createObservableGauge(name, options)
  }
}
