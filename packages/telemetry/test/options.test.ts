import { OptionError } from '@drawbridge/options'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import t from 'tap'
import { startTelemetry, type TelemetryOptions } from '../src/index.ts'

t.test('a wrong option is an error that names it', async (t) => {
  const logins = createLogins({ store: createMemoryLoginStore() })
  t.teardown(() => logins.close())
  const wrong: ReadonlyArray<readonly [object, string]> = [
    [{}, 'logins'],
    [{ logins: {} }, 'logins'],
    [{ logins, credentials: {} }, 'credentials'],
    [{ logins, meterProvider: {} }, 'meterProvider'],
    [{ logins, tracerProvider: 1 }, 'tracerProvider'],
    [{ logins, meters: true }, 'meters']
  ]
  for (const [options, name] of wrong)
    t.throws(() => startTelemetry(options as TelemetryOptions), {
      constructor: OptionError,
      message: new RegExp(`^DRAWBRIDGE_OPTION: telemetry\\.${name} `)
    })
})
