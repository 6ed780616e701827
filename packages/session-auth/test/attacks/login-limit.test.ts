import { createMemoryLoginStore } from '@drawbridge/logins'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import t from 'tap'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'
import { signInForJar, type OpenStore, statusOnEach, twoNodes } from './two-nodes.ts'

const LIMIT = 5

/** Takes any password: the throttle would let only five at once in, and what is tried here comes behind it. */
const credentials = {
  verify: async ({ username }: { username: string }) =>
    ({ ok: true, user: { id: `id of ${username}`, username } }) as const
}

const STORES: Record<string, OpenStore> = {
  'the memory store': createMemoryLoginStore,
  'the SQLite store': (options) => {
    const { path, remove } = createTemporaryDatabase()
    const database = openDatabase(path)
    t.teardown(() => {
      database.close()
      remove()
    })
    return createSqliteLoginStore({ ...options, database })
  }
}

for (const [name, openStore] of Object.entries(STORES)) {
  t.test(
    `S12 of 20 sign-ins at once on two nodes as many logins stay active as the limit allows, in ${name}`,
    async (t) => {
      const { one, two } = await twoNodes(
        { logins: { maxLoginsPerUser: LIMIT }, session: { credentials } },
        openStore
      )
      const bobs = await signInForJar(one, 'bob')
      const first = await signInForJar(one)
      const { userId } = (await one.app.inject({ url: '/me', headers: { cookie: first } })).json()
      const jars = await Promise.all(
        Array.from({ length: 20 }, (_, at) => signInForJar(at % 2 === 0 ? one : two))
      )
      t.equal((await one.logins.listByUser(userId)).length, LIMIT)
      const seen = await Promise.all(jars.map((jar) => statusOnEach([one, two], jar)))
      t.equal(seen.filter(([here, there]) => here === 200 && there === 200).length, LIMIT)
      t.equal(
        seen.filter(([here, there]) => here === 401 && there === 401).length,
        20 - LIMIT,
        'snapshots or not'
      )
      t.same(await statusOnEach([one, two], first), [401, 401], 'the oldest goes first')
      t.same(await statusOnEach([one, two], bobs), [200, 200], 'and nobody else')
    }
  )
}
