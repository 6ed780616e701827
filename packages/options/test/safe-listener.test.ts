import t from 'tap'
import { safeListener } from '../src/index.ts'

t.test('M11: a listener is called, and an error that it throws or rejects with stops nothing', async (t) => {
  const received: number[] = []
  safeListener<number>((value) => received.push(value))(1)
  t.same(received, [1])
  safeListener(undefined)(2)
  t.doesNotThrow(() =>
    safeListener(() => {
      throw new Error('of the service')
    })(3)
  )
  // An unhandled rejection would end the process.
  safeListener(async () => Promise.reject(new Error('of the service')))(4)
  await new Promise((resolve) => setImmediate(resolve))
})
