import { isLoginId } from '@drawbridge/logins/carrier'
import t from 'tap'
import {
  makeLoginId,
  publishAll,
  publishAtPace,
  publishedAt
} from '../../src/scenarios/publish-revocations.ts'

const createNode = () => {
  const published: string[][] = []
  return {
    published,
    publish: async (revocations: ReadonlyArray<{ readonly loginId: string }>) => {
      published.push(revocations.map(({ loginId }) => loginId))
      return ''
    }
  }
}

t.test('a loginId says when it was made, and is no other', async (t) => {
  const before = process.hrtime.bigint()
  const [one, other] = [makeLoginId(), makeLoginId()]
  t.ok(publishedAt(one) >= before)
  t.ok(publishedAt(one) <= publishedAt(other))
  t.ok(publishedAt(other) <= process.hrtime.bigint())
  t.not(one, other)
  t.ok(isLoginId(one))
})

t.test('each revocation is published alone, in turn by each node', async (t) => {
  const nodes = [createNode(), createNode(), createNode()]
  await publishAll(nodes, 100)
  const all = nodes.flatMap(({ published }) => published)
  t.equal(all.length, 100)
  t.ok(all.every((loginIds) => loginIds.length === 1))
  t.equal(new Set(all.flat()).size, 100)
  t.ok(nodes.every(({ published }) => published.length > 30))
})

t.test('what was not acknowledged is counted', async (t) => {
  const deaf = { publish: () => Promise.reject(new Error('not acknowledged')) }
  const published = await publishAtPace([createNode(), deaf], { perSecond: 10_000, seconds: 0.01 })
  t.match(published, { count: 100, failedCount: 50 })
  t.ok(published.perSecond > 0)
  t.ok(published.perSecond <= 10_000, 'the last one is not published early')
})
