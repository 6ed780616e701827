import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Publisher } from '../../../src/feed/log/publisher.ts'

// No timer of a publisher keeps a process alive.
const alive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(alive))

/** A publisher to three logs, each of which takes what it is sent while it is up. */
function newPublisher(timeoutMs = 60, retentionMs = 60_000) {
  const isUp = [true, true, true]
  const told: string[][] = [[], [], []]
  const publisher = new Publisher({
    logs: 3,
    write: 2,
    timeoutMs,
    retentionMs,
    mono: () => performance.now(),
    append: async (log, loginIds) => {
      await sleep(1)
      if (!isUp[log]) throw new Error(`log ${log} is down`)
      told[log]?.push(...loginIds)
      return `${log}:${told[log]?.length}`
    },
    onError: () => {}
  })
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(2)
  }
  return { publisher, isUp, told, until }
}

t.test('resolves when two of three logs have it, and says where', async (t) => {
  const { publisher, isUp } = newPublisher()
  isUp[1] = false
  t.equal(await publisher.publish(['a']), '0:1,2:1')
  publisher.close()
})

t.test('rejects at the deadline, and tells all the same as soon as it can', async (t) => {
  const { publisher, isUp, told, until } = newPublisher()
  isUp[0] = isUp[1] = false
  await t.rejects(publisher.publish(['a']), /fewer than 2 of 3 logs took it within 60 ms/)
  isUp[0] = isUp[1] = true
  await until(() => told.every((ids) => ids.includes('a')))
  publisher.close()
})

t.test('a log that was away is told what it missed, together', async (t) => {
  const { publisher, isUp, told, until } = newPublisher()
  isUp[2] = false
  for (const loginId of ['a', 'b', 'c']) await publisher.publish([loginId])
  isUp[2] = true
  await until(() => told[2]?.length === 3)
  t.strictSame(told[2], ['a', 'b', 'c'])
  publisher.close()
})

t.test('what a log took before it flipped counts no longer', async (t) => {
  const { publisher, isUp, told, until } = newPublisher()
  isUp[1] = isUp[2] = false
  const published = publisher.publish(['a'])
  await until(() => told[0]?.length === 1)
  isUp[0] = false
  publisher.onFlip(0)
  isUp[1] = true
  await t.rejects(published, /fewer than 2/)
  isUp[0] = true
  await until(() => told[0]?.length === 2)
  publisher.close()
})

t.test('is not told for longer than it is worth', async (t) => {
  const { publisher, isUp, told } = newPublisher(20, 30)
  isUp.fill(false)
  await t.rejects(publisher.publish(['a']))
  await sleep(40)
  isUp.fill(true)
  await sleep(300)
  t.strictSame(told, [[], [], []])
  publisher.close()
})

t.test('what waits is rejected on close, and nothing is sent after', async (t) => {
  const { publisher, isUp, told } = newPublisher(5000)
  isUp.fill(false)
  const published = publisher.publish(['a'])
  await sleep(5)
  publisher.close()
  await t.rejects(published, /closed/)
  isUp.fill(true)
  publisher.retell(0, ['b'])
  await sleep(60)
  t.strictSame(told, [[], [], []])
})
