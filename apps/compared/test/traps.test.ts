import t from 'tap'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { readGuide } from './guide.ts'
import { KINDS } from './kinds.ts'
import { startService } from './start-service.ts'
import { traps } from './traps/index.ts'
import { CACHED, type Trap } from './traps/trap.ts'

t.test(
  'each trap is in the services that it names, and in no other',
  { skip: skipWithoutRedis },
  async (t) => {
    const postgres = await startPostgres()
    if (postgres === null) {
      t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
      return
    }
    t.teardown(() => postgres.stop())
    for (const kind of KINDS) {
      await t.test(kind, async (t) => {
        const service = await startService(t, kind, postgres)
        for (const { name, isIn, isShown } of traps) {
          await service.forgetAttempts()
          t.equal(await isShown(service), isIn.includes(kind), name)
        }
      })
    }
  }
)

const markOf = ({ isIn }: Trap) => {
  if (isIn.includes('better-auth')) return 'yes'
  return isIn.includes(CACHED) ? 'with cookieCache' : 'no'
}

t.test('the guide has the same traps in the same services', async (t) => {
  const expected = traps.map((trap) => [
    trap.name,
    trap.isIn.includes('by hand') ? 'yes' : 'no',
    markOf(trap)
  ])
  t.same(
    readGuide('The traps').map((cells) => cells.slice(0, 3)),
    expected
  )
})

t.test('no trap is in the service on these packages', async (t) => {
  t.same(
    traps.filter(({ isIn }) => isIn.includes('Drawbridge')),
    []
  )
})
