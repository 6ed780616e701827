import { MemoryStore } from 'express-session'
import Fastify from 'fastify'
import t from 'tap'
import { announceEnd } from '../../src/migration/deprecation.ts'
import { makeMoving } from './make-migration.ts'
import { makeTokenMigration, signOld } from './make-token-migration.ts'
import { browse, type Jar, startOldService } from './old-service.ts'

const namesOf = (headers: Readonly<Record<string, unknown>>) =>
  ['deprecation', 'sunset', 'link'].filter((name) => headers[name] !== undefined)

t.test(
  'responses to a token of the other system say until when it counts, and where there is another one',
  async (t) => {
    const { send, exchange, moveTo, clock, nodes } = await makeTokenMigration(t)
    const sunset = new Date(clock.now + 30 * 86_400_000).toUTCString()
    const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
    const headersOf = async (token: string) => (await send(1, token)).headers
    const first = await headersOf(old)
    t.equal(first.sunset, sunset)
    t.same(namesOf(first), ['sunset'], 'in the phase old there is no other one yet')
    await moveTo('both')
    const { since } = await nodes[0].app.migrations.status('seed')
    const replaced = {
      deprecation: `@${Math.floor((since ?? 0) / 1000)}`,
      sunset,
      link: '</exchange/old>; rel="successor-version"'
    }
    t.match(await headersOf(old), replaced, 'before it is exchanged')
    const { access_token } = (await exchange(0, old)).json<{ access_token: string }>()
    t.match(await headersOf(old), replaced, 'and after')
    t.same(namesOf(await headersOf(access_token)), [], 'not with a token of ours')
    t.same(namesOf(await headersOf('no token')), [], 'nor to whom is nobody')
  }
)

t.test('responses to a session of the other system say it too, and those to ours do not', async (t) => {
  const old = await startOldService()
  const acceptUntil = new Date(Date.UTC(2027, 5, 1))
  const ours = await makeMoving(old.sessions, { acceptUntil })
  t.teardown(async () => {
    await ours.close()
    await old.close()
  })
  const jar: Jar = new Map()
  await browse(jar, `${old.url}/login?user=ada`, 'POST')
  const send = async (cookies: Jar) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return (await ours.nodes[0]?.inject({ url: '/me', headers: { cookie } }))?.headers ?? {}
  }
  t.match(await send(jar), { sunset: 'Tue, 01 Jun 2027 00:00:00 GMT' })
  await ours.moveTo('both')
  await ours.moveTo('new')
  const headers = await send(jar)
  t.same(namesOf(headers), ['deprecation', 'sunset'])
  t.equal(headers['cache-control'], 'no-store')
  await ours.get(0, jar)
  jar.delete('connect.sid')
  t.same(await ours.get(0, jar), { status: 200, body: 'ada' })
  t.same(namesOf(await send(jar)), [])
})

t.test('without a date there is no Sunset, and what a handler says of its resource stays', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.get('/', async (_request, reply) => {
    announceEnd(
      { migration: {}, exchangePath: '/auth/exchange/old' } as never,
      { phase: 'new', since: 1_800_000_000_999 },
      reply
    )
    reply.headers({ deprecation: '@1', link: '</doc>; rel="deprecation"' })
    return ''
  })
  app.get('/plain', async (_request, reply) => {
    announceEnd(
      { migration: {}, exchangePath: null } as never,
      { phase: 'new', since: 1_800_000_000_999 },
      reply
    )
    return ''
  })
  const { headers } = await app.inject('/')
  t.match(headers, {
    deprecation: '@1',
    link: '</doc>; rel="deprecation", </auth/exchange/old>; rel="successor-version"'
  })
  t.same(namesOf((await app.inject('/plain')).headers), ['deprecation'])
  t.equal((await app.inject('/plain')).headers.deprecation, '@1800000000')
})

t.test('the path of the exchange is that of the scope, and none where there is no route', async (t) => {
  for (const [routes, link] of [
    [true, '</exchange/old>; rel="successor-version"'],
    [{ exchange: '/tokens/exchange' }, '</tokens/exchange>; rel="successor-version"'],
    [false, undefined]
  ] as const) {
    const { send, moveTo } = await makeTokenMigration(t, { routes })
    await moveTo('both')
    t.equal((await send(0, signOld({ user_id: 'ada' }))).headers.link, link)
  }
})

t.test('what a node counts is published for metrics, without a word of a user', async (t) => {
  const { subscribe, unsubscribe } = await import('node:diagnostics_channel')
  const events: unknown[] = []
  const listener = (event: unknown) => void events.push(event)
  subscribe('drawbridge:migration', listener)
  t.teardown(() => unsubscribe('drawbridge:migration', listener))
  const service = await makeMoving(new MemoryStore())
  t.teardown(() => service.close())
  await service.get(0, new Map([['connect.sid', 's%3Aforged.forged']]))
  t.same(events, [{ migration: 'express', phase: 'old', name: 'rejected.signature' }])
})
