import type { RevocationFeed } from '../revocation/feed.ts'
import type { LoginStore } from '../stores/login-store.ts'

/**
 * One rule of a contract, as a test for any test runner. `run` rejects with an AssertionError where the rule
 * is broken.
 */
export interface ContractCase<Subject> {
  readonly name: string
  /** @param make creates the subject of the case; the subjects of several cases may share one server. */
  run(make: () => Subject | Promise<Subject>): Promise<void>
}

/** What a case of {@link loginStoreCases} tests. */
export interface LoginStoreSubject {
  readonly store: LoginStore
  /** Advances the store's clock by `ms`: sets an injected clock, or really waits. */
  advance(ms: number): Promise<void>
  /** ms since the epoch by the store's clock, where that differs from the one of this machine. */
  now?(): number
  close(): Promise<void>
}

/** What a case of {@link feedCases} tests. */
export interface FeedSubject {
  /** Nodes that share one feed, all of them fresh. A feed for one process has only one. */
  readonly nodes: readonly RevocationFeed[]
  /** Resolves once everything that was published before has reached every node. */
  delivered(): Promise<void>
  close(): Promise<void>
}

/** A case that closes its subject, also where it fails. */
export function closingCase<Subject extends { close(): Promise<void> }>(
  name: string,
  check: (subject: Subject) => Promise<void>
): ContractCase<Subject> {
  return {
    name,
    run: async (make) => {
      const subject = await make()
      try {
        await check(subject)
      } finally {
        await subject.close()
      }
    }
  }
}
