import { channel } from 'node:diagnostics_channel'
import { createNoopMeter } from '@opentelemetry/api'
import t from 'tap'
import { startTelemetry } from '../src/index.ts'
import { makeApp } from './make-app.ts'

const CHANNELS = [
  'drawbridge:credentials',
  'drawbridge:feed',
  'drawbridge:logins',
  'drawbridge:migration',
  ...['store', 'hashing'].flatMap((name) =>
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((step) => `tracing:drawbridge:${name}:${step}`)
  )
]

t.test('where no SDK is registered no instrument is created, and nobody listens', async (t) => {
  const { logins, credentials, openSession, get } = await makeApp(t)
  const meter = createNoopMeter()
  const created: string[] = []
  for (const method of [
    'createCounter',
    'createHistogram',
    'createObservableCounter',
    'createObservableGauge',
    'createObservableUpDownCounter',
    'addBatchObservableCallback'
  ] as const)
    t.intercept(meter, method, { value: () => created.push(method) })
  const asked = t.capture(logins, 'health', logins.health.bind(logins))

  const telemetry = startTelemetry({ logins, credentials })
  t.equal(telemetry.isActive, false)
  await get('/page', { cookie: await openSession() })
  t.same(created, [])
  t.same(asked(), [], 'the health is not read')
  t.same(
    CHANNELS.filter((name) => channel(name).hasSubscribers),
    []
  )
  telemetry.stop()
})
