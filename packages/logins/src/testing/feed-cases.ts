import assert from 'node:assert/strict'
import { newLoginId } from '../login/login.ts'
import type { RevocationFeed, Revocation } from '../revocation/feed.ts'
import { type ContractCase, closingCase, type FeedSubject } from './contract-case.ts'

/**
 * The contract of {@link RevocationFeed} as tests for any runner, as far as it can be observed without
 * failures.
 *
 * @example
 * ```ts
 * for (const { name, run } of feedCases) {
 *   test(name, () => run(() => ({ nodes: [createMyFeed()], delivered: async () => {}, close: async () => {} })))
 * }
 * ```
 */
export const feedCases: ReadonlyArray<ContractCase<FeedSubject>> = [
  closingCase(
    'a revocation reaches every listener of every node, including the publisher',
    async (subject) => {
      const heard = subject.nodes.flatMap((node) => [listen(node), listen(node)])
      for (const node of subject.nodes) {
        const revocation = { loginId: newLoginId('user') }
        await node.publish([revocation])
        await subject.delivered()
        for (const list of heard) assert.ok(list.some(({ loginId }) => loginId === revocation.loginId))
      }
    }
  ),

  closingCase('a thousand revocations in one call all arrive', async (subject) => {
    const heard = subject.nodes.map(listen)
    const batch = Array.from({ length: 1000 }, (_, at) => ({ loginId: newLoginId(`user ${at}`) }))
    await publisher(subject).publish(batch)
    await subject.delivered()
    for (const list of heard) {
      const got = new Set(list.map(({ loginId }) => loginId))
      assert.deepEqual(
        batch.filter(({ loginId }) => !got.has(loginId)),
        []
      )
    }
  }),

  closingCase('publishing nothing, or the same twice, is no error', async (subject) => {
    const heard = listen(publisher(subject))
    const revocation = { loginId: newLoginId('user') }
    await publisher(subject).publish([])
    await publisher(subject).publish([revocation])
    await publisher(subject).publish([revocation])
    await subject.delivered()
    assert.ok(heard.every(({ loginId }) => loginId === revocation.loginId))
    assert.ok(heard.length >= 1)
  }),

  closingCase('an invalid loginId is rejected, and no listener gets it', async (subject) => {
    const heard = subject.nodes.map(listen)
    for (const loginId of [
      '',
      'a b',
      `${newLoginId('user')} ${newLoginId('user')}`,
      'a\nb',
      'x'.repeat(65),
      7
    ]) {
      const revocations = [{ loginId: newLoginId('user') }, { loginId: loginId as string }]
      await assert.rejects(publisher(subject).publish(revocations), TypeError)
    }
    await subject.delivered()
    assert.deepEqual(heard.flat(), [])
  }),

  closingCase(
    'a node reports at once whether it is fresh and since when it is covered',
    async ({ nodes }) => {
      for (const node of nodes) {
        // The lease may have expired while the machine stalled; the node is fresh again after the next audit.
        assert.equal(await node.renew(10_000), true)
        assert.equal(node.isFresh(), true)
        assert.ok(Number.isFinite(node.coveredFrom))
        assert.ok(Number.isFinite(node.clockOffsetMs))
        await node.ping()
      }
    }
  ),

  closingCase('a closed node gets no more revocations', async (subject) => {
    const heard = listen(publisher(subject))
    await publisher(subject).close()
    await Promise.allSettled([publisher(subject).publish([{ loginId: newLoginId('user') }])])
    await subject.delivered()
    assert.deepEqual(heard, [])
  })
]

function listen(node: RevocationFeed): Revocation[] {
  const heard: Revocation[] = []
  node.subscribe((revocation) => heard.push(revocation))
  return heard
}

const publisher = (subject: FeedSubject): RevocationFeed => subject.nodes[0] as RevocationFeed
