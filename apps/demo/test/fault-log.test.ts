import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { loggerOptions } from '../src/logging.ts'
import { createFaultLogger, createFeedLogger } from '../src/fault-log.ts'

function captureLog(t: Test) {
  const lines: Array<Record<string, unknown>> = []
  const app = Fastify(loggerOptions('info', { write: (line) => void lines.push(JSON.parse(line)) }))
  t.teardown(() => app.close())
  return { log: app.log, lines }
}

t.test('each change of the feed is logged, a reset with its reason', async (t) => {
  const { log, lines } = captureLog(t)
  const faults: unknown[] = []
  const onEvent = createFeedLogger(log, (error) => faults.push(error))
  onEvent({ type: 'fresh' })
  onEvent({ type: 'error', log: 0, error: new Error('ECONNREFUSED') })
  onEvent({ type: 'stale' })
  onEvent({ type: 'reset', log: 2, reason: 'incarnation' })
  onEvent({ type: 'clock-offset', offsetMs: 8000, isTooFar: true })
  onEvent({ type: 'clock-offset', offsetMs: 0, isTooFar: false })
  t.match(lines, [
    { level: 30, feed: 'fresh' },
    { level: 40, feed: 'stale' },
    { level: 40, feed: 'reset', log: 2, reason: 'incarnation' },
    { level: 40, feed: 'clock-offset', offsetMs: 8000 },
    { level: 30, feed: 'clock-offset', offsetMs: 0 }
  ])
  t.equal(lines.length, 5)
  t.match(faults, [/ECONNREFUSED/])
})

t.test('a repeated error is logged at most once per interval', async (t) => {
  const { log, lines } = captureLog(t)
  const onError = createFaultLogger(log)
  for (let times = 0; times < 100; times++) onError(new Error('connect ECONNREFUSED'))
  onError('no error at all')
  t.match(lines, [{ err: { message: 'connect ECONNREFUSED' } }, { level: 50 }])
  t.equal(lines.length, 2)
})
