import t from 'tap'
import { createMemorySpentTokens } from '../../src/index.ts'
import { spentTokensCases } from '../../src/testing/index.ts'

const START = 1_800_000_000_000

for (const { name, run } of spentTokensCases)
  t.test(name, () =>
    run(() => ({
      nodes: [createMemorySpentTokens({ now: () => START })],
      now: () => START,
      close: async () => {}
    }))
  )

t.test('ids are forgotten once their tokens have expired, and not earlier', async (t) => {
  const clock = { now: START }
  const spent = createMemorySpentTokens({ now: () => clock.now })
  await spent.spend('a', START + 10)
  await spent.spend('b', START + 20)
  clock.now = START + 10
  t.equal(await spent.spend('b', START + 20), false)
  t.equal(await spent.spend('a', START + 30), true, 'no token with this id is valid any more')
})

t.test('the cases find a store that has no memory, and one whose calls overlap', async (t) => {
  const subject = (spend: () => Promise<boolean>) => () => ({
    nodes: [{ spend }],
    now: () => START,
    close: async () => {}
  })
  const failures = async (spend: () => Promise<boolean>) => {
    const results = spentTokensCases.map(({ run }) =>
      run(subject(spend)).then(
        () => 0,
        () => 1
      )
    )
    return (await Promise.all<number>(results)).reduce((sum, each) => sum + each, 0)
  }
  t.equal(await failures(async () => true), 3)
  t.equal(await failures(async () => false), 3)
})
