/**
 * How far a migration is. What a phase gives is accepted one phase earlier and one later, and nodes are never more than one
 * phase apart, so that each step can be taken, and taken back, while all nodes serve requests.
 *
 * - `old`: the other system decides who is signed in. Its credentials are read, and nothing of ours is made for them.
 * - `both`: the other system still decides; who comes with its credential gets ours beside it.
 * - `new`: we decide about each login whose two credentials were both seen. Its own instances no longer serve requests.
 * - `retired`: its credentials are no longer read.
 */
export type Phase = (typeof PHASES)[number]

/** In their order. */
export const PHASES = ['old', 'both', 'new', 'retired'] as const

/** Whether one step leads from a phase to another, forth or back. */
export function isStep(from: Phase, to: Phase): boolean {
  return Math.abs(PHASES.indexOf(from) - PHASES.indexOf(to)) === 1
}
