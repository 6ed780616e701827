import t from 'tap'
import { serializeEntry, START } from '../../../src/revocation/log/log.ts'
import { type Action, type Mutation, SimulatedService } from './simulated-service.ts'

type Distortion = NonNullable<Mutation['distort']>

/** As if the entry at the cursor were always the one that was read. */
const matchingAlways: Distortion = () => {
  const bodies = new Map<string, string>()
  return (cursor, audit) => {
    for (const entry of audit.entries) bodies.set(entry.id, serializeEntry(entry))
    return { ...audit, entryAtCursor: bodies.get(cursor) ?? audit.entryAtCursor }
  }
}

/** As if exactly as many entries had been added as were read. */
const countingAlways: Distortion = () => {
  let read = 0
  return (cursor, audit) => {
    if (cursor === START) read = 0
    read += audit.entries.length
    return { ...audit, added: read, length: cursor === START ? read : 0 }
  }
}

interface Rule {
  readonly name: string
  readonly logs: 1 | 3
  /** Switches the rule off, so that a revoked login is accepted. */
  readonly off: Mutation
  /** Switched off in both runs: other rules that would detect it too. */
  readonly besides?: Mutation
  readonly actions: readonly Action[]
}

const PAUSED = 2
const pass = (ms: number): Action => ({ kind: 'pass', ms })
const pause: Action = { kind: 'pause', node: PAUSED }
const resume: Action = { kind: 'resume', node: PAUSED }
const verify: Action = { kind: 'verify', node: PAUSED }
const deaf: Action = { kind: 'deaf', node: PAUSED, isDeaf: true }
const issue: Action = { kind: 'issue' }
const revoke = (login: number): Action => ({ kind: 'revoke', login })
const slowAudit = (log: number, ms: number): Action => ({ kind: 'slow audit', log, ms })
const slowAppend = (log: number, ms: number): Action => ({ kind: 'slow append', log, ms })

const lostTail: readonly Action[] = [
  issue,
  verify,
  pass(300),
  pause,
  revoke(0),
  pass(100),
  { kind: 'fault', log: 0, fault: { kind: 'lose the tail', count: 1 } },
  pass(300),
  resume
]

const rules: readonly Rule[] = [
  {
    name: 'a server that restarted, or was replaced, may have lost entries',
    logs: 1,
    off: { anonymous: true },
    actions: lostTail
  },
  {
    name: 'what was verified before such a loss is verified again',
    logs: 1,
    off: { ignoreTrustEpoch: true },
    actions: lostTail
  },
  {
    name: 'the entry at the cursor must be the one that was read: a clock that is behind gives ids below it',
    logs: 1,
    besides: { anonymous: true },
    off: { anonymous: true, distort: matchingAlways },
    actions: [
      issue,
      issue,
      issue,
      deaf,
      pass(300),
      verify,
      revoke(0),
      revoke(1),
      pass(300),
      pause,
      { kind: 'fault', log: 0, fault: { kind: 'promote a replica', lag: 1, clockBehindMs: 2000 } },
      pass(300),
      revoke(2),
      pass(100),
      resume
    ]
  },
  {
    name: 'as many entries must have been added as were read: one may be deleted before it is read',
    logs: 1,
    off: { distort: countingAlways },
    actions: [
      issue,
      verify,
      pass(300),
      pause,
      revoke(0),
      pass(100),
      { kind: 'fault', log: 0, fault: { kind: 'delete the newest', count: 1 } },
      resume
    ]
  },
  {
    name: 'the lease counts from the sending of an audit',
    logs: 1,
    off: { leaseFromArrival: true },
    actions: [
      issue,
      pass(300),
      verify,
      deaf,
      slowAudit(0, 300),
      pass(650),
      pause,
      slowAudit(0, 0),
      revoke(0),
      pass(1100),
      resume
    ]
  },
  {
    name: 'the store is asked about what was issued before the log started',
    logs: 1,
    off: { ignoreCoverage: true },
    actions: [
      issue,
      pass(100),
      revoke(0),
      pass(100),
      { kind: 'fault', log: 0, fault: { kind: 'lose everything' } },
      pass(300),
      { kind: 'boot', node: PAUSED }
    ]
  },
  {
    name: 'a log that was reset does not count before the others were audited',
    logs: 3,
    off: { ignoreResets: true },
    actions: [
      issue,
      pass(300),
      verify,
      deaf,
      slowAppend(0, 900),
      slowAudit(2, 900),
      pause,
      revoke(0),
      pass(100),
      { kind: 'fault', log: 1, fault: { kind: 'lose the tail', count: 1 } },
      pass(500),
      resume,
      pass(100),
      pause,
      pass(450),
      resume
    ]
  },
  {
    name: 'a read quorum and a write quorum have a log in common',
    logs: 3,
    off: { read: 1 },
    actions: [
      issue,
      pass(300),
      verify,
      deaf,
      slowAppend(0, 1200),
      slowAudit(1, 900),
      slowAudit(2, 900),
      pass(300),
      revoke(0)
    ]
  }
]

for (const { name, logs, off, besides = {}, actions } of rules) {
  t.test(name, async (t) => {
    t.equal(new SimulatedService(logs, 3, besides).run(actions), null)
    t.match(
      new SimulatedService(logs, 3, off).run(actions),
      /accepts/,
      'and without that rule a revoked login is accepted'
    )
  })
}
