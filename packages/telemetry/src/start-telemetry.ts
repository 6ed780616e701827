import { countEvents } from './count-events.ts'
import { findMeter, findTracer } from './find-sdk.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import type { Stop } from './listen.ts'
import { observeHealth } from './observe-health.ts'
import { parseTelemetryOptions, type TelemetryOptions } from './options.ts'
import { type CompletedCall, traceCalls } from './trace-calls.ts'

/** The telemetry of one process. */
export interface Telemetry {
  /** Whether an SDK was registered when it was started: without one, nothing is measured. */
  readonly isActive: boolean
  /** Measures nothing more. Repeated, it does nothing more. */
  stop(): void
}

/**
 * Starts the metrics and traces of Drawbridge. Call it once in a process, once the SDK of OpenTelemetry is registered, or give it
 * the providers: the events that it counts are those of the whole process. It keeps no process alive.
 *
 * Where there is no SDK it creates no instrument and listens to nothing.
 *
 * @throws OptionError that names a wrong option.
 * @example
 * ```ts
 * const telemetry = startTelemetry({ logins, credentials })
 * app.addHook('onClose', async () => telemetry.stop())
 * ```
 */
export function startTelemetry(input: TelemetryOptions): Telemetry {
  const { logins, credentials, meterProvider, tracerProvider } = parseTelemetryOptions(input)
  const [meter, tracer] = [findMeter(meterProvider), findTracer(tracerProvider)]
  const instruments = meter && createInstruments(meter)
  const stops: Stop[] = []
  if (meter !== undefined && instruments !== undefined)
    stops.push(observeHealth(meter, instruments, { logins, credentials }), ...countEvents(instruments))
  if (meter !== undefined || tracer !== undefined)
    stops.push(
      ...traceCalls({
        channel: 'drawbridge:store',
        scope: 'drawbridge.store',
        tracer,
        onCompleted: recordAs('storeDuration', instruments)
      }),
      ...traceCalls({
        channel: 'drawbridge:hashing',
        scope: 'drawbridge.hashing',
        tracer,
        onCompleted: recordAs('hashingDuration', instruments)
      })
    )
  return {
    isActive: stops.length > 0,
    stop: () => {
      for (const stop of stops.splice(0)) stop()
    }
  }
}

function recordAs(name: 'storeDuration' | 'hashingDuration', instruments: Instruments | undefined) {
  return ({ ms, attributes }: CompletedCall): void => instruments?.record(name, ms, attributes)
}
