import { setImmediate as aTurn, setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Publisher } from '../../../src/revocation/log/publisher.ts'

// No timer of a publisher keeps a process alive.
const keepAlive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(keepAlive))

/** Longer than any machine stalls: where a publication is to be taken, how long that takes is not under test. */
const PATIENT_MS = 60_000
const RETENTION_MS = 60_000

/** A publisher to three logs, each of which takes what it is sent while it is up, by a clock that stands. */
function newPublisher(timeoutMs = PATIENT_MS) {
  const isUp = [true, true, true]
  const appended: string[][] = [[], [], []]
  const clock = { now: 0 }
  let failures = 0
  const publisher = new Publisher({
    logs: 3,
    writeQuorum: 2,
    timeoutMs,
    retentionMs: RETENTION_MS,
    monotonicNow: () => clock.now,
    append: async (log, loginIds) => {
      // As it is when the append is sent: what is under way when a log comes up is lost.
      const isLogUp = isUp[log]
      await sleep(1)
      if (!isLogUp) {
        failures += 1
        throw new Error(`log ${log} is down`)
      }
      appended[log]?.push(...loginIds)
      return `${log}:${appended[log]?.length}`
    },
    onError: () => {}
  })
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(2)
  }
  return { publisher, isUp, appended, clock, until, refused: () => failures }
}

t.test('resolves when two of three logs have it, and says where', async (t) => {
  const { publisher, isUp } = newPublisher()
  isUp[1] = false
  t.equal(await publisher.publish(['a']), '0:1,2:1')
  publisher.close()
})

t.test('rejects at the deadline, and tells all the same as soon as it can', async (t) => {
  const { publisher, isUp, appended, until } = newPublisher(60)
  isUp[0] = isUp[1] = false
  await t.rejects(publisher.publish(['a']), /fewer than 2 of 3 logs took it within 60 ms/)
  isUp[0] = isUp[1] = true
  await until(() => appended.every((ids) => ids.includes('a')))
  publisher.close()
})

t.test('a log that was away is told what it missed, together', async (t) => {
  const { publisher, isUp, appended, until } = newPublisher()
  isUp[2] = false
  for (const loginId of ['a', 'b', 'c']) await publisher.publish([loginId])
  isUp[2] = true
  await until(() => appended[2]?.length === 3)
  t.strictSame(appended[2], ['a', 'b', 'c'])
  publisher.close()
})

t.test('what a log took before it flipped counts no longer, until it has taken it again', async (t) => {
  const { publisher, isUp, appended, until } = newPublisher()
  isUp[1] = isUp[2] = false
  let isConfirmed = false
  const published = publisher.publish(['a']).finally(() => (isConfirmed = true))
  await until(() => appended[0]?.length === 1)
  await aTurn()
  isUp[0] = false
  publisher.onReset(0)
  isUp[1] = true
  await until(() => appended[1]?.length === 1)
  await aTurn()
  t.equal(isConfirmed, false)
  isUp[0] = true
  t.equal(await published, '1:1,0:2')
  publisher.close()
})

t.test('is not told for longer than it is worth', async (t) => {
  const { publisher, isUp, appended, clock, until } = newPublisher(20)
  isUp.fill(false)
  await t.rejects(publisher.publish(['a']))
  clock.now = RETENTION_MS
  isUp.fill(true)
  publisher.republish(0, ['b'])
  publisher.republish(1, ['b'])
  publisher.republish(2, ['b'])
  await until(() => appended.every((ids) => ids.includes('b')))
  t.strictSame(appended, [['b'], ['b'], ['b']])
  publisher.close()
})

t.test('what waits is rejected on close, and nothing is sent after', async (t) => {
  const { publisher, isUp, appended, until, refused } = newPublisher()
  isUp.fill(false)
  const published = publisher.publish(['a'])
  await until(() => refused() >= 3)
  publisher.close()
  await t.rejects(published, /closed/)
  isUp.fill(true)
  publisher.republish(0, ['b'])
  await sleep(60)
  t.strictSame(appended, [[], [], []])
})
