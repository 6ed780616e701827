import type { Attributes } from '@opentelemetry/api'
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import type { Test } from 'tap'
import { startTelemetry } from '../src/index.ts'
import { metrics, type MetricName } from '../src/metrics.ts'
import type { TelemetryOptions } from '../src/options.ts'

/** Collects when a test asks, and at no other time. */
class TestReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

/** One value of a metric, with its attributes. */
export interface Point {
  readonly attributes: Attributes
  readonly value: number
}

/** Of a histogram, s. */
export interface Distribution {
  readonly attributes: Attributes
  readonly count: number
  readonly sum: number
}

/** Starts the telemetry of this process on an SDK of its own, until the end of the test. */
export function startMeasuring(t: Test, options: Omit<TelemetryOptions, 'meterProvider'>) {
  const reader = new TestReader()
  const meterProvider = new MeterProvider({ readers: [reader] })
  const telemetry = startTelemetry({ ...options, meterProvider })
  t.teardown(async () => {
    telemetry.stop()
    await meterProvider.shutdown()
  })
  const collect = async () => {
    const { resourceMetrics, errors } = await reader.collect()
    if (errors.length > 0) throw errors[0]
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  }
  const find = async (name: MetricName) =>
    (await collect()).find(({ descriptor }) => descriptor.name === metrics[name].name)
  return {
    telemetry,
    meterProvider,
    collect,
    /** The values of a counter or a gauge. */
    read: async (name: MetricName): Promise<readonly Point[]> => {
      const found = await find(name)
      if (found === undefined) return []
      if (found.dataPointType === DataPointType.HISTOGRAM) throw new Error(`${name} is a histogram`)
      return found.dataPoints.map(({ attributes, value }) => ({ attributes, value: value as number }))
    },
    /** What a histogram has. */
    readDistribution: async (name: MetricName): Promise<readonly Distribution[]> => {
      const found = await find(name)
      if (found === undefined) return []
      if (found.dataPointType !== DataPointType.HISTOGRAM) throw new Error(`${name} is no histogram`)
      return found.dataPoints.map(({ attributes, value }) => ({
        attributes,
        count: value.count,
        sum: value.sum ?? NaN
      }))
    }
  }
}

/** Value of the only attribute → value of the point. */
export function byAttribute(points: readonly Point[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    points.map(({ attributes, value }) => [Object.values(attributes).join(' '), value])
  )
}
