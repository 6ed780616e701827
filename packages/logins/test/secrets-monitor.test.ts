import { mock } from 'node:test'
import t from 'tap'
import { createCarrierLogins } from './logins-under-test.ts'
import { createMemoryLoginStore } from '../src/index.ts'
import { SecretsMonitor } from '../src/secrets-monitor.ts'

const S1 = 'the root secret of last year 0123456789'
const S2 = 'the root secret of this year 9876543210'
const S3 = 'a root secret that nobody else has 4567'

/** A topic of a shared store, and nodes that compare their secrets in it. */
function service() {
  const texts = new Map<string, string[]>()
  const calls = { count: 0, fault: null as Error | null }
  const errors: unknown[] = []
  const announce = async (topic: string, text: string) => {
    calls.count += 1
    if (calls.fault !== null) throw calls.fault
    const all = new Set([...(texts.get(topic) ?? []), text])
    texts.set(topic, [...all])
    return [...all]
  }
  const node = () => new SecretsMonitor({ store: { announce }, onError: (error) => errors.push(error) })
  return { texts, calls, errors, node }
}

t.test('S21: nodes differ where one signs with a secret that the other does not know', async (t) => {
  for (const [one, other, differ] of [
    [[S1], [S1], false],
    [[S1], [S1, S2], false],
    [[S1, S2], [S2, S1], false],
    [[S2, S1], [S2], false],
    [[S1], [S2], true],
    [[S1], [S2, S1], true],
    [[S1, S2], [S2], true],
    [[S1, S3], [S2, S3], true]
  ] as const) {
    const { node } = service()
    const [first, second] = [node(), node()]
    t.teardown(() => [first, second].forEach((watch) => watch.close()))
    t.equal(await first.compare('a test', one), false, 'alone')
    t.equal(await second.compare('a test', other), differ)
    await first.check()
    t.same([first.isDiffering, second.isDiffering], [differ, differ])
    t.equal(await second.compare('another purpose', [S3]), false)
    t.equal(second.isDiffering, differ, 'one purpose does not hide another')
  }
})

t.test('S21: a fingerprint for one purpose is published, and nothing of a secret', async (t) => {
  const { texts, node } = service()
  const watch = node()
  t.teardown(() => watch.close())
  for (const purpose of ['one', 'other']) await watch.compare(purpose, [S1, S2])
  const [one, other] = [...texts.values()].map(([text]) => String(text))
  t.match(one, /^[\w-]{22},[\w-]{22}$/)
  t.match(other, /^[\w-]{22},[\w-]{22}$/)
  t.not(one, other)
})

t.test('S21: it compares once per minute until it is closed, and reports a difference once', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  const { calls, errors, node } = service()
  const [first, second] = [node(), node()]
  let reported = 0
  await first.compare('a test', [S1], () => (reported += 1))
  await second.compare('a test', [S2])
  second.close()
  t.equal(calls.count, 2)
  for (let minute = 1; minute <= 3; minute++) {
    mock.timers.tick(60_000)
    t.equal(calls.count, 2 + minute)
    await new Promise((resolve) => setImmediate(resolve))
    t.equal(reported, 1)
  }
  calls.fault = new Error('down')
  mock.timers.tick(60_000)
  await new Promise((resolve) => setImmediate(resolve))
  t.match(errors, [{ message: 'down' }])
  t.ok(first.isDiffering, 'the last result stays')
  const counted = calls.count
  first.close()
  mock.timers.tick(120_000)
  t.equal(calls.count, counted)
  t.equal(await first.compare('a test', [S1]), false)
})

t.test('S21: an outage goes to onError, and not to the caller', async (t) => {
  const { calls, errors, node } = service()
  calls.fault = new Error('down')
  const watch = node()
  t.teardown(() => watch.close())
  t.equal(await watch.compare('a test', [S1]), false)
  t.match(errors, [{ message: 'down' }])
  const comparing = watch.compare('a test', [S1])
  watch.close()
  t.equal(await comparing, false)
  t.equal(errors.length, 1, 'and none after it is closed')
})

t.test('S21: a store of one machine is not asked', async (t) => {
  const logins = createCarrierLogins({ store: createMemoryLoginStore() })
  t.teardown(() => logins.close())
  t.equal(await logins.compareSecrets('a test', [S1]), false)
  t.equal(logins.health().secretsDiffer, false)
})
