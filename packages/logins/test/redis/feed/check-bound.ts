import type { Test } from 'tap'
import { formatVerdict, type Verdict } from './oracle.ts'

export interface CheckOptions {
  /**
   * Entries are deleted from a log that continues. A node that had not read one of them detects the gap and
   * verifies everything again, but may never read the entry; nodes that had read it have no reason to publish
   * it again.
   */
  readonly trimsLog?: boolean
}

export function checkBound(t: Test, verdict: Verdict, { trimsLog = false }: CheckOptions = {}): void {
  t.comment(formatVerdict(verdict))
  t.equal(
    verdict.violations,
    0,
    'no node accepts a login whose revocation was confirmed longer ago than the bound'
  )
  if (!trimsLog)
    t.equal(verdict.neverReceived, 0, 'every node gets every revocation in the end, confirmed or not')
  t.equal(verdict.unknownToNewNode, 0, 'a new node accepts none of them')
  t.equal(verdict.wronglyRevoked, 0, 'no node rejects an active login')
  t.ok(verdict.confirmed > 50, 'revocations were confirmed')
}
