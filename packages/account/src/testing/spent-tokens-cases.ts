import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { SpentTokens } from '../one-time-tokens/spent-tokens.ts'

/** What a case of {@link spentTokensCases} tests. */
export interface SpentTokensSubject {
  /** Nodes that share one store. A store for one process has only one. */
  readonly nodes: readonly SpentTokens[]
  /** ms since the epoch, by the clock of the nodes. */
  readonly now: () => number
  close(): Promise<void>
}

/** One rule of the contract, as a test for any test runner. `run` rejects with an AssertionError where it is broken. */
export interface ContractCase {
  readonly name: string
  /** @param make creates the subject of the case; the subjects of several cases may share one server. */
  run(make: () => SpentTokensSubject | Promise<SpentTokensSubject>): Promise<void>
}

const MINUTE = 60_000
const CALLS = 20

const rules: readonly (readonly [name: string, check: (subject: SpentTokensSubject) => Promise<void>])[] = [
  [
    'an id is spent once, at whichever node',
    async ({ nodes, now }) => {
      const id = randomUUID()
      const first = nodes[0] as SpentTokens
      assert.equal(await first.spend(id, now() + MINUTE), true)
      for (const node of nodes) assert.equal(await node.spend(id, now() + MINUTE), false)
    }
  ],
  [
    'of calls at once, one spends the id',
    async ({ nodes, now }) => {
      const id = randomUUID()
      const expiresAt = now() + MINUTE
      const calls = Array.from({ length: CALLS }, (_, at) =>
        (nodes[at % nodes.length] as SpentTokens).spend(id, expiresAt)
      )
      const spent = (await Promise.all(calls)).filter((isFirst) => isFirst === true)
      assert.equal(spent.length, 1)
    }
  ],
  [
    'another id is another token',
    async ({ nodes, now }) => {
      for (const node of nodes) assert.equal(await node.spend(randomUUID(), now() + MINUTE), true)
    }
  ],
  [
    'an id is remembered beside many that were spent after it',
    async ({ nodes, now }) => {
      const [node, id, expiresAt] = [nodes[0] as SpentTokens, randomUUID(), now() + MINUTE]
      await node.spend(id, expiresAt)
      for (let at = 0; at < CALLS; at += 1) await node.spend(randomUUID(), expiresAt)
      assert.equal(await node.spend(id, expiresAt), false)
    }
  ]
]

/**
 * The contract of {@link SpentTokens} as tests for any runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of spentTokensCases) {
 *   test(name, () => run(() => ({ nodes: [createMemorySpentTokens()], now: Date.now, close: async () => {} })))
 * }
 * ```
 */
export const spentTokensCases: readonly ContractCase[] = rules.map(([name, check]) => ({
  name,
  run: async (make) => {
    const subject = await make()
    try {
      await check(subject)
    } finally {
      await subject.close()
    }
  }
}))
