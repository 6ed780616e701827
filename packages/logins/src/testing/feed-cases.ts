import assert from 'node:assert/strict'
import { loginIdPrefix, newLoginId } from '../login/login.ts'
import type { Change, RevocationFeed, Revocation } from '../revocation/feed.ts'
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

  closingCase('each node states the same staleness bound, in ms', async ({ nodes }) => {
    const bounds = new Set(nodes.map(({ maxStalenessMs }) => maxStalenessMs))
    assert.equal(bounds.size, 1)
    for (const bound of bounds) assert.ok(Number.isSafeInteger(bound) && bound >= 0, `got ${bound}`)
  }),

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
    'a change reaches every listener for changes of every node, including the publisher, and no other',
    async (subject) => {
      const heard = subject.nodes.flatMap((node) => [listenForChanges(node), listenForChanges(node)])
      const revocations = subject.nodes.map(listen)
      for (const [at, node] of subject.nodes.entries()) {
        const change = { loginIdPrefix: loginIdPrefix(`user ${at}`) }
        await node.publishChanges([change])
        await subject.delivered()
        for (const list of heard)
          assert.ok(list.some(({ loginIdPrefix: prefix }) => prefix === change.loginIdPrefix))
      }
      assert.deepEqual(revocations.flat(), [])
    }
  ),

  closingCase('a thousand changes arrive among as many revocations', async (subject) => {
    const heard = subject.nodes.map(listenForChanges)
    const revoked = subject.nodes.map(listen)
    const users = Array.from({ length: 1000 }, (_, at) => `user ${at}`)
    const changes = users.map((userId) => ({ loginIdPrefix: loginIdPrefix(userId) }))
    const revocations = users.map((userId) => ({ loginId: newLoginId(userId) }))
    const calls: Array<Promise<unknown>> = []
    for (let at = 0; at < 1000; at += 100) {
      calls.push(publisher(subject).publishChanges(changes.slice(at, at + 100)))
      calls.push(publisher(subject).publish(revocations.slice(at, at + 100)))
    }
    await Promise.all(calls)
    await subject.delivered()
    const missing = (wanted: readonly string[], got: readonly string[]) => {
      const found = new Set(got)
      return wanted.filter((text) => !found.has(text))
    }
    const prefixes = changes.map((change) => change.loginIdPrefix)
    const loginIds = revocations.map(({ loginId }) => loginId)
    for (const list of heard)
      assert.deepEqual(
        missing(
          prefixes,
          list.map((change) => change.loginIdPrefix)
        ),
        []
      )
    for (const list of revoked)
      assert.deepEqual(
        missing(
          loginIds,
          list.map(({ loginId }) => loginId)
        ),
        []
      )
  }),

  closingCase('an invalid prefix of a change is rejected, and no listener gets it', async (subject) => {
    const heard = subject.nodes.map(listenForChanges)
    await publisher(subject).publishChanges([])
    for (const prefix of ['', 'a b', 'a\nb', 'x'.repeat(65), 7]) {
      const changes = [{ loginIdPrefix: loginIdPrefix('user') }, { loginIdPrefix: prefix as string }]
      await assert.rejects(publisher(subject).publishChanges(changes), TypeError)
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

  closingCase('a closed node gets no more revocations, and no more changes', async (subject) => {
    const heard = listen(publisher(subject))
    const changes = listenForChanges(publisher(subject))
    await publisher(subject).close()
    await Promise.allSettled([
      publisher(subject).publish([{ loginId: newLoginId('user') }]),
      publisher(subject).publishChanges([{ loginIdPrefix: loginIdPrefix('user') }])
    ])
    await subject.delivered()
    assert.deepEqual(heard, [])
    assert.deepEqual(changes, [])
  })
]

function listen(node: RevocationFeed): Revocation[] {
  const heard: Revocation[] = []
  node.subscribe((revocation) => heard.push(revocation))
  return heard
}

function listenForChanges(node: RevocationFeed): Change[] {
  const heard: Change[] = []
  node.subscribeChanges((change) => heard.push(change))
  return heard
}

const publisher = (subject: FeedSubject): RevocationFeed => subject.nodes[0] as RevocationFeed
