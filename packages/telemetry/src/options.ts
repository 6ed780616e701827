import { objectWithMethods, parseOptions } from '@drawbridge/options'
import type { CredentialsHealth } from '@drawbridge/credentials'
import type { Logins } from '@drawbridge/logins'
import type { MeterProvider, TracerProvider } from '@opentelemetry/api'
import * as v from 'valibot'

/** Options of `startTelemetry`. */
export interface TelemetryOptions {
  /** What `createLogins` makes. */
  readonly logins: Pick<Logins, 'health'>
  /** What `createCredentials` makes. Without it there are no metrics of the hashing queue. */
  readonly credentials?: { health(): CredentialsHealth }
  /** Default: the one that is registered globally. */
  readonly meterProvider?: MeterProvider
  /** Default: the one that is registered globally. */
  readonly tracerProvider?: TracerProvider
}

const schema = v.strictObject({
  logins: objectWithMethods<TelemetryOptions['logins']>('the logins that createLogins makes', 'health'),
  credentials: v.optional(
    objectWithMethods<NonNullable<TelemetryOptions['credentials']>>(
      'the credentials that createCredentials makes',
      'health'
    )
  ),
  meterProvider: v.optional(objectWithMethods<MeterProvider>('a MeterProvider of OpenTelemetry', 'getMeter')),
  tracerProvider: v.optional(
    objectWithMethods<TracerProvider>('a TracerProvider of OpenTelemetry', 'getTracer')
  )
})

/** The options, checked. */
export type ParsedTelemetryOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError that names a wrong option. */
export function parseTelemetryOptions(input: TelemetryOptions): ParsedTelemetryOptions {
  return parseOptions('telemetry', schema, input)
}
