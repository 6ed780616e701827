import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { openCallChannels, traceCall } from '@drawbridge/options'
import t, { type Test } from 'tap'
import { startTelemetry } from '../src/index.ts'
import { makeApp } from './make-app.ts'

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
t.teardown(() => context.disable())

async function startTracing(t: Test) {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const service = await makeApp(t)
  const telemetry = startTelemetry({ logins: service.logins, tracerProvider })
  t.teardown(telemetry.stop)
  const tracer = tracerProvider.getTracer('the service')
  /** Runs the work in a span, as an instrumented server runs a request. @returns the other spans. */
  const inRequest = async (work: () => Promise<unknown>) => {
    exporter.reset()
    const span = tracer.startSpan('GET /page')
    await context.with(trace.setSpan(context.active(), span), work)
    span.end()
    return { spans: exporter.getFinishedSpans().filter(({ name }) => name !== 'GET /page'), span }
  }
  return { ...service, telemetry, exporter, inRequest }
}

t.test('what a request asks of the store and of the hasher are spans of its trace', async (t) => {
  const { logins, inRequest, credentials } = await startTracing(t)
  const password = 'correct horse battery staple'
  const { spans, span } = await inRequest(async () => {
    await credentials.verify({ username: 'ada', password, address: undefined })
    await logins.resolve('A'.repeat(28))
  })
  t.same(
    spans.map(({ name }) => name),
    ['drawbridge.hashing.compare', 'drawbridge.store.find']
  )
  for (const asked of spans) {
    t.equal(asked.spanContext().traceId, span.spanContext().traceId)
    t.equal(asked.parentSpanContext?.spanId, span.spanContext().spanId)
  }
  t.same(spans[1]?.attributes, { 'drawbridge.store.operation': 'find' })
})

t.test('a cached request has none', async (t) => {
  const { inRequest, openSession, get } = await startTracing(t)
  const cookie = await openSession()
  await get('/page', { cookie })
  const { spans } = await inRequest(() => get('/page', { cookie }))
  t.same(spans, [])
})

t.test('what runs in the background is no trace of its own', async (t) => {
  const { logins, exporter, openSession } = await startTracing(t)
  await openSession()
  await logins.flushTouches()
  t.same(exporter.getFinishedSpans(), [])
})

t.test('a failure has a status and its class, and nothing of its message', async (t) => {
  const { inRequest } = await startTracing(t)
  const store = openCallChannels('drawbridge:store')
  const fail = async () => {
    throw Object.assign(new Error('wrong password for user ada'), { code: 'ECONNREFUSED' })
  }
  const { spans } = await inRequest(() => traceCall(store, 'find', fail).catch(() => {}))
  t.match(spans, [
    {
      name: 'drawbridge.store.find',
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'ECONNREFUSED' }
    }
  ])
  t.same(spans[0]?.events, [])
  t.notOk(JSON.stringify(spans[0]?.status).includes('ada'))
})

t.test('after stop there are none', async (t) => {
  const { logins, telemetry, inRequest } = await startTracing(t)
  telemetry.stop()
  const { spans } = await inRequest(() => logins.resolve('A'.repeat(28)))
  t.same(spans, [])
})
