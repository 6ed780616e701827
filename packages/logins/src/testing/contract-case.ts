import type { RevocationFeed } from '../revocation/feed.ts'
import type { LoginStore } from '../stores/login-store.ts'

/** One rule of a contract. Runs under any test runner: it rejects, with an AssertionError, where the rule is broken. */
export interface ContractCase<Subject> {
  readonly name: string
  /** @param make gives a subject of its own to each case; several may share one server. */
  run(make: () => Subject | Promise<Subject>): Promise<void>
}

export interface LoginStoreSubject {
  readonly store: LoginStore
  /** Lets the store's clock go on by so much: sets a clock that was handed in, or really waits. */
  advance(ms: number): Promise<void>
  /** ms since the epoch by the store's clock, where that is not the one of this machine. */
  now?(): number
  close(): Promise<void>
}

export interface FeedSubject {
  /** Nodes that share one feed, all of them fresh; for a feed of one process there is only one. */
  readonly nodes: readonly RevocationFeed[]
  /** Resolves when whatever was published before has reached every node. */
  delivered(): Promise<void>
  close(): Promise<void>
}

/** A case that closes its subject, whatever comes of it. */
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
