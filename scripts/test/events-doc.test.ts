// The tables of events have exactly the events of the sources, with their members and causes.
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { listFiles } from '../list-files.ts'
import { findCode, findRows, type Row } from '../markdown.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const observability = read('docs/observability.md')
const loginEvents = read('packages/logins/src/events/login-event.ts')
const credentialsEvents = read('packages/credentials/src/events.ts')
const changeCause = read('packages/credentials/src/operations/change-cause.ts')

interface Declared {
  readonly name: string
  readonly base: string | undefined
  readonly members: readonly string[]
  readonly type: string | undefined
}

/** The interfaces of a source. */
function parseInterfaces(source: string): readonly Declared[] {
  return [...source.matchAll(/^(?:export )?interface (\w+)(?: extends (\w+))? \{\n(.*?)^\}/gms)].map(
    ([, name = '', base, body = '']) => ({
      name,
      base,
      members: [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member as string),
      type: /^ {2}readonly type: '([\w-]+)'$/m.exec(body)?.[1]
    })
  )
}

/** Type of each event of a source → its members, but for `type`. */
function parseEvents(
  source: string,
  bases: readonly Declared[] = []
): ReadonlyMap<string, ReadonlySet<string>> {
  const declared = [...parseInterfaces(source), ...bases]
  const membersOf = (name: string | undefined): readonly string[] => {
    const found = declared.find((each) => each.name === name)
    return found === undefined ? [] : [...membersOf(found.base), ...found.members]
  }
  return new Map(
    parseInterfaces(source).flatMap(({ name, type }) =>
      type === undefined ? [] : [[type, new Set(membersOf(name).filter((member) => member !== 'type'))]]
    )
  )
}

/** The row of each event, by its type. */
function checkTypes(t: Test, rows: readonly Row[], events: ReadonlyMap<string, unknown>): void {
  t.ok(events.size >= 10, 'the pattern finds them')
  t.same(
    new Set(rows.map(([type = '']) => findCode(type)[0])),
    new Set(events.keys()),
    'exactly the events of the source'
  )
}

t.test('the table of logins has exactly their events, each with its own members', async (t) => {
  const events = parseEvents(loginEvents)
  const rows = findRows(observability, 'Events of logins')
  checkTypes(t, rows, events)
  const common = ['loginId', 'userId', 'carrier', 'device', 'node', 'at']
  const section = observability.slice(observability.indexOf('Each also has:'))
  for (const member of common) t.ok(section.includes(`\`${member}\``), member)
  for (const [type = '', , members = ''] of rows) {
    const own = [...(events.get(findCode(type)[0] ?? '') ?? [])].filter((member) => !common.includes(member))
    // A value in backticks follows a colon.
    const named = findCode(members.replace(/: .*$/, ''))
    t.same(new Set(named), new Set(own), type)
  }
})

t.test('the table of credentials has exactly their events, each with its members', async (t) => {
  const events = parseEvents(credentialsEvents, parseInterfaces(changeCause))
  const rows = findRows(read('packages/credentials/README.md'), 'Events')
  checkTypes(t, rows, events)
  for (const [type = '', , members = ''] of rows)
    t.same(new Set(findCode(members)), events.get(findCode(type)[0] ?? ''), type)
})

t.test('who revokes a login, and why, is in the table: exactly the causes of the sources', async (t) => {
  const rows = findRows(observability, 'Who revoked it, and why')
  const [, list = ''] =
    /REVOKED_BY = \[(.*?)\]/s.exec(read('packages/logins/src/revocation/revocation-cause.ts')) ?? []
  const causes = [...list.matchAll(/'(\w+)'/g)].map(([, by]) => by as string)
  t.same(new Set(rows.map(([by = '']) => findCode(by)[0])), new Set(causes))
  const sources = listFiles(/^packages\/[^/]+\/src\/.*\.ts$/)
    .map(read)
    .join('\n')
  const documented = rows.flatMap(([by = '', , reasons = '']) =>
    findCode(reasons)
      .filter((reason) => reason !== 'maxLoginsPerUser')
      .map((reason) => `${findCode(by)[0]}: ${reason}`)
  )
  const published = [...sources.matchAll(/by(?:: | = )'(\w+)',\s*reason(?:: | = )'([\w-]+)'/g)]
    // Of accounts, which are not revoked.
    .filter(([, by, reason]) => `${by} ${reason}` !== 'user registration')
    .map(([, by, reason]) => `${by}: ${reason}`)
  const byAdmin = ['migration-swept', 'adoption-revoked'].map((reason) => {
    t.ok(sources.includes(`'${reason}'`), reason)
    return `admin: ${reason}`
  })
  t.same(new Set(documented), new Set([...published, ...byAdmin]))
})

t.test('why a credential is rejected is in the table', async (t) => {
  const [, union = ''] = /type RejectedReason =\n(.*?)\n\n/s.exec(loginEvents) ?? []
  const reasons = [...union.matchAll(/\| '([\w-]+)'/g)].map(([, reason]) => reason as string)
  t.ok(reasons.length >= 5)
  t.same(
    findRows(observability, 'What was rejected').map(([reason = '']) => findCode(reason)[0]),
    reasons
  )
})
