import {
  createNoopMeter,
  type Meter,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  trace,
  type Tracer,
  type TracerProvider
} from '@opentelemetry/api'

/** The name of the instrumentation scope. */
const SCOPE = '@drawbridge/telemetry'

/** Undefined where no SDK for metrics is registered. @param provider default: the global one. */
export function findMeter(provider: MeterProvider | undefined): Meter | undefined {
  const meter = (provider ?? metrics.getMeterProvider()).getMeter(SCOPE)
  return meter === createNoopMeter() ? undefined : meter
}

/** Undefined where no SDK for traces is registered. @param provider default: the global one. */
export function findTracer(provider: TracerProvider | undefined): Tracer | undefined {
  const found = provider ?? trace.getTracerProvider()
  return found instanceof ProxyTracerProvider ? found.getDelegateTracer(SCOPE) : found.getTracer(SCOPE)
}
