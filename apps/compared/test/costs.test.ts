import t from 'tap'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { measureCosts } from './costs.ts'
import { countLines } from './count-lines.ts'
import { readGuide } from './guide.ts'
import { type Kind, KINDS } from './kinds.ts'
import { startService } from './start-service.ts'
import { traps } from './traps/index.ts'

/** What each service consists of, and what it needs for a table of members that was there before. */
const FILES: Readonly<Record<Kind, { readonly service: string; readonly table: string | null }>> = {
  'by hand': { service: 'by-hand.ts', table: null },
  'better-auth': { service: 'on-better-auth.ts', table: 'better-auth-tables.ts' },
  'better-auth, cookieCache': { service: 'on-better-auth.ts', table: 'better-auth-tables.ts' },
  Drawbridge: { service: 'on-drawbridge.ts', table: 'members.ts' }
}

/** A column of the guide's table: of one service, by the first cell of each row. */
function readColumn(kind: Kind): Readonly<Record<string, string>> {
  const at = KINDS.indexOf(kind) + 1
  return Object.fromEntries(readGuide('What it costs').map((cells) => [cells[0] ?? '', cells[at] ?? '']))
}

t.test('the guide has what each service costs, as it is measured', { skip: skipWithoutRedis }, async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  t.teardown(() => postgres.stop())
  for (const kind of KINDS) {
    await t.test(kind, async (t) => {
      const costs = Object.entries(await measureCosts(await startService(t, kind, postgres)))
      const { service, table } = FILES[kind]
      t.same(readColumn(kind), {
        'lines of the service': String(await countLines(service)),
        'lines for the table of members': String(table === null ? 0 : await countLines(table)),
        ...Object.fromEntries(costs.map(([name, { redis, postgres }]) => [name, `${redis} + ${postgres}`])),
        'traps of those below': String(traps.filter(({ isIn }) => isIn.includes(kind)).length)
      })
    })
  }
})
