export { OptionError } from '@drawbridge/options'
export { startTelemetry, type Telemetry } from './start-telemetry.ts'
export type { TelemetryOptions } from './options.ts'
