import type { Test } from 'tap'
import { formatVerdict, type Verdict } from './oracle.ts'

export interface CheckOptions {
  /**
   * Entries are taken out of a log that goes on: a node that had not read one of them yet knows that it missed something, verifies
   * all anew, and may never hear what it was; those who had read it have no reason to tell it again.
   */
  readonly trimsLog?: boolean
}

export function checkBound(t: Test, verdict: Verdict, { trimsLog = false }: CheckOptions = {}): void {
  t.comment(formatVerdict(verdict))
  t.equal(verdict.violations, 0, 'nobody lets in whose log-out was answered longer ago than the bound')
  if (!trimsLog)
    t.equal(verdict.neverReceived, 0, 'every node hears of every log-out in the end, answered or not')
  t.equal(verdict.unknownToNewNode, 0, 'a node that boots lets in none of them')
  t.equal(verdict.wronglyRevoked, 0, 'nobody takes for ended what is alive')
  t.ok(verdict.confirmed > 50, 'log-outs were answered')
}
