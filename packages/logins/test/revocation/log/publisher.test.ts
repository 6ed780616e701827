import { setImmediate as aTurn, setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Publisher } from '../../../src/revocation/log/publisher.ts'

// No timer of a publisher keeps a process alive.
const keepAlive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(keepAlive))

/** Longer than any machine stalls: where a publication must succeed, its duration is not under test. */
const PATIENT_MS = 60_000
const RETENTION_MS = 60_000

/**
 * A publisher to three logs. Each takes what it is sent while it is up. The clock only moves when the test
 * moves it.
 */
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
      // As it is when the append is sent: an append in flight when a log comes up is lost.
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
  const until = async (condition: () => boolean) => {
    while (!condition()) await sleep(2)
  }
  return { publisher, isUp, appended, clock, until, failures: () => failures }
}

t.test('resolves to the positions when two of three logs have it', async (t) => {
  const { publisher, isUp } = newPublisher()
  isUp[1] = false
  t.equal(await publisher.publish(['a']), '0:1,2:1')
  publisher.close()
})

t.test('rejects at the deadline, and is published all the same as soon as the logs are up', async (t) => {
  const { publisher, isUp, appended, until } = newPublisher(60)
  isUp[0] = isUp[1] = false
  await t.rejects(publisher.publish(['a']), /fewer than 2 of 3 logs took it within 60 ms/)
  isUp[0] = isUp[1] = true
  await until(() => appended.every((ids) => ids.includes('a')))
  publisher.close()
})

t.test('a log that was down gets what it missed in one batch', async (t) => {
  const { publisher, isUp, appended, until } = newPublisher()
  isUp[2] = false
  for (const loginId of ['a', 'b', 'c']) await publisher.publish([loginId])
  isUp[2] = true
  await until(() => appended[2]?.length === 3)
  t.strictSame(appended[2], ['a', 'b', 'c'])
  publisher.close()
})

t.test(
  'an acknowledgement from before a reset of the log does not count until the log has taken the entry again',
  async (t) => {
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
  }
)

t.test('is not published after the retention', async (t) => {
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

t.test('a waiting publication is rejected on close, and nothing is sent after that', async (t) => {
  const { publisher, isUp, appended, until, failures } = newPublisher()
  isUp.fill(false)
  const published = publisher.publish(['a'])
  await until(() => failures() >= 3)
  publisher.close()
  await t.rejects(published, /closed/)
  isUp.fill(true)
  publisher.republish(0, ['b'])
  await sleep(60)
  t.strictSame(appended, [[], [], []])
})
