import t from 'tap'
import { serializeEntry, type LogAudit, type LogEntry } from '../../../src/revocation/log/log.ts'
import { LogReader } from '../../../src/revocation/log/log-reader.ts'

const WALL = 1_000_000

function newReader(fenced = false) {
  const [revoked, changed, resets]: [string[], string[], string[]] = [[], [], []]
  const heard: string[] = []
  const reader = new LogReader({
    fenced,
    serverNow: () => WALL,
    onRevoked: (loginId) => revoked.push(loginId),
    onChanged: (prefix) => changed.push(prefix),
    onReset: (reason) => resets.push(reason),
    onHeard: ({ id }) => heard.push(id),
    onBeat: () => {}
  })
  return { reader, revoked, changed, resets, heard }
}

function entry(id: number, kind: LogEntry['kind'], ...values: string[]): LogEntry {
  return { id: `${id}-0`, epoch: 'e', kind, values }
}

const genesis = entry(1, 'genesis')

/** The audit of a log with these entries, by a reader that has read the first `read` of them. */
function auditOf(log: readonly LogEntry[], read: number, more: Partial<LogAudit> = {}): LogAudit {
  const last = log[read - 1]
  return {
    isMaster: true,
    incarnation: 'run',
    epoch: 'e',
    entryAtCursor: last === undefined ? null : serializeEntry(last),
    entries: log.slice(read),
    isComplete: true,
    added: log.length,
    length: log.length,
    coveredFrom: WALL - 500,
    serverNow: WALL - 100,
    ...more
  }
}

t.test('a complete audit renews the lease from when it was sent; nothing else does', async (t) => {
  const { reader, revoked } = newReader()
  const log = [genesis, entry(2, 'revoked', 'a', 'b')]
  t.equal(reader.onAudit(10, auditOf(log, 0, { entries: [genesis], isComplete: false })), 'more')
  t.equal(reader.leaseAsOf, -Infinity)
  t.equal(reader.onAudit(20, auditOf(log, 1)), 'done')
  t.equal(reader.leaseAsOf, 20)
  t.strictSame(revoked, ['a', 'b'])
  t.equal(reader.onEntries([entry(3, 'revoked', 'c')]), true)
  t.equal(reader.leaseAsOf, 20)
  t.strictSame(revoked, ['a', 'b', 'c'])
})

t.test(
  'what was appended since the last reading is heard, what is read for the second time is not',
  async (t) => {
    const { reader, heard } = newReader()
    const log = [genesis, entry(2, 'revoked', 'a'), entry(3, 'revoked', 'b')]
    reader.onAudit(10, auditOf(log, 0))
    t.strictSame(heard, [], 'it was there before this node')
    log.push(entry(4, 'revoked', 'c'), entry(5, 'changed', 'd'))
    reader.onEntries(log.slice(3, 4))
    reader.onAudit(20, auditOf(log, 4))
    t.strictSame(heard, ['4-0', '5-0'])
    t.equal(reader.onAudit(30, auditOf(log, 5, { incarnation: 'other' })), 'more')
    reader.onAudit(40, auditOf(log, 0, { incarnation: 'other' }))
    t.strictSame(heard, ['4-0', '5-0'], 'after a reset')
    reader.onEntries([entry(6, 'revoked', 'e')])
    t.strictSame(heard, ['4-0', '5-0', '6-0'])
  }
)

t.test('it is covered from the start of the log, by the clock of the node', async (t) => {
  const { reader } = newReader()
  t.equal(reader.coveredFrom, Infinity)
  reader.onAudit(10, auditOf([genesis], 0))
  t.equal(reader.coveredFrom, WALL - 500 + 100)
})

t.test('a replica, and a server without the log, renew no lease', async (t) => {
  const { reader, resets } = newReader()
  reader.onAudit(10, auditOf([genesis], 0))
  t.equal(reader.onAudit(20, auditOf([genesis], 1, { isMaster: false })), 'reject')
  t.equal(reader.onAudit(20, auditOf([genesis], 1, { epoch: null })), 'begin')
  t.equal(reader.leaseAsOf, 10)
  t.strictSame(resets, [])
})

const differences = [
  ['incarnation', { incarnation: 'another run', epoch: 'f' }],
  ['epoch', { epoch: 'f' }],
  ['diverged', { entryAtCursor: serializeEntry(entry(2, 'revoked', 'another')) }],
  ['diverged', { entryAtCursor: null }],
  ['gap', { added: 3, length: 2 }]
] as const

for (const [reason, difference] of differences) {
  t.test(`${JSON.stringify(difference)} is a reset: ${reason}`, async (t) => {
    const { reader, resets, revoked } = newReader()
    const log = [genesis, entry(2, 'revoked', 'a')]
    reader.onAudit(10, auditOf(log, 0))
    t.equal(reader.onAudit(20, auditOf(log, 2, difference)), 'more')
    t.strictSame(resets, [reason])
    t.equal(reader.leaseAsOf, 10)
    t.equal(reader.coveredFrom, WALL)
    t.equal(reader.cursor, '0-0', 'the log is read from its beginning')
    t.equal(reader.drainHeard(), null, 'not yet')
    t.equal(reader.onAudit(30, auditOf(log, 0, difference)), 'done')
    t.equal(reader.leaseAsOf, 30)
    t.strictSame(revoked, ['a', 'a'])
    t.strictSame([...(reader.drainHeard() ?? [])], ['a'])
    t.equal(reader.drainHeard(), null, 'once')
  })
}

t.test('an entry that disappears between a reset and the next audit is missed', async (t) => {
  const { reader, resets } = newReader()
  const log = [genesis, entry(2, 'revoked', 'a')]
  reader.onAudit(10, auditOf(log, 0))
  reader.onAudit(20, auditOf(log, 2, { entryAtCursor: null }))
  t.equal(reader.onAudit(30, auditOf([], 0, { added: 3 })), 'more')
  t.strictSame(resets, ['diverged', 'gap'])
})

t.test('entries of another epoch between audits are left for the audit', async (t) => {
  const { reader, revoked } = newReader()
  reader.onAudit(10, auditOf([genesis], 0))
  t.equal(reader.onEntries([{ ...entry(2, 'revoked', 'a'), epoch: 'f' }]), false)
  t.strictSame(revoked, [])
})

t.test('entries of an earlier epoch stay in a log and are read', async (t) => {
  const { reader, revoked } = newReader()
  const before = { ...entry(1, 'revoked', 'a'), epoch: 'd' }
  t.equal(reader.onAudit(10, auditOf([before, entry(2, 'genesis')], 0)), 'done')
  t.strictSame(revoked, ['a'])
})

t.test('fenced: a confirmed beat renews the lease as of the audit before it', async (t) => {
  const { reader } = newReader(true)
  const log = [genesis]
  reader.onAudit(10, auditOf(log, 0))
  log.push(entry(2, 'beat'))
  reader.onAudit(20, auditOf(log, 1))
  t.equal(reader.leaseAsOf, -Infinity, 'a beat alone says nothing')
  log.push(entry(3, 'confirm', '2-0'))
  reader.onEntries(log.slice(2))
  t.equal(reader.leaseAsOf, -Infinity, 'nor does an entry without an audit')
  reader.onAudit(30, auditOf(log, 3))
  t.equal(reader.leaseAsOf, 10)
})

t.test(
  'fenced: each of two overlapping beats counts once, and the older one takes nothing back',
  async (t) => {
    const { reader } = newReader(true)
    const log = [genesis]
    reader.onAudit(10, auditOf(log, 0))
    log.push(entry(2, 'beat'))
    reader.onAudit(20, auditOf(log, 1))
    log.push(entry(3, 'beat'), entry(4, 'confirm', '3-0'), entry(5, 'confirm', '2-0'))
    reader.onAudit(30, auditOf(log, 2))
    t.equal(reader.leaseAsOf, 20)
  }
)

t.test('fenced: beats that are read a second time do not renew the lease', async (t) => {
  const { reader } = newReader(true)
  const log = [genesis]
  reader.onAudit(10, auditOf(log, 0))
  log.push(entry(2, 'beat'), entry(3, 'confirm', '2-0'))
  reader.onAudit(20, auditOf(log, 1))
  t.equal(reader.leaseAsOf, 10)
  reader.onAudit(500, auditOf(log, 3))
  reader.onAudit(600, auditOf(log, 3, { entryAtCursor: null }))
  reader.onAudit(700, auditOf(log, 0))
  reader.onAudit(800, auditOf(log, 3))
  t.equal(reader.leaseAsOf, 10)
})

t.test('a change is heard, and heard again when the log is read again from its beginning', (t) => {
  const { reader, revoked, changed } = newReader()
  const log = [genesis, entry(2, 'changed', 'AAAAA', 'BBBBB'), entry(3, 'revoked', 'x')]
  t.equal(reader.onAudit(0, auditOf(log, 0)), 'done')
  t.strictSame(changed, ['AAAAA', 'BBBBB'])
  t.strictSame(revoked, ['x'])
  reader.onAudit(1, auditOf(log, 3, { incarnation: 'another run' }))
  t.equal(reader.onAudit(2, auditOf(log, 0, { incarnation: 'another run' })), 'done')
  t.strictSame(changed, ['AAAAA', 'BBBBB', 'AAAAA', 'BBBBB'])
  t.end()
})

t.test('an entry of a kind that this release does not know is passed over', (t) => {
  const { reader, revoked, changed, resets } = newReader()
  const log = [genesis, entry(2, 'of a newer release' as 'revoked', 'a'), entry(3, 'revoked', 'x')]
  t.equal(reader.onAudit(0, auditOf(log, 0)), 'done')
  t.equal(reader.leaseAsOf, 0, 'the node is as fresh as without it')
  t.equal(reader.onAudit(1, auditOf(log, 3)), 'done')
  t.strictSame([revoked, changed, resets], [['x'], [], []])
  t.end()
})
