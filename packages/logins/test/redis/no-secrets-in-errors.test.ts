import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import t from 'tap'
import { createRedisLimiters } from '../../../credentials/src/redis/redis-limiters.ts'
import { createLogins } from '../../src/index.ts'
import { checkRedis, createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'

const PASSWORD = 'canary-password'
const CANARY = /canary/
/** As a logger that writes all members of an error. */
const inspectAll = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true })

t.test(
  'T05: no error of the packages contains a password of Redis or a row',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const acl = (...rules: readonly string[]) =>
      runCommand(server.port, (client) => client.call('ACL', 'SETUSER', 'app', ...rules))
    await acl('on', `>${PASSWORD}`, '~*', '+@all')
    const access = { username: 'app', password: PASSWORD, lazyConnect: true }
    const redis = new Redis({ port: server.port, host: '127.0.0.1', ...access })

    const reported: Record<'store' | 'feed' | 'limiters', unknown[]> = { store: [], feed: [], limiters: [] }
    const store = createRedisLoginStore({
      redis,
      commandTimeoutMs: 5000,
      onError: (error) => reported.store.push(error)
    })
    const feed = createRedisFeed({
      redis,
      onEvent: (event) => event.type === 'error' && reported.feed.push(event.error)
    })
    const limiters = createRedisLimiters({ redis, onError: (error) => reported.limiters.push(error) })
    const logins = createLogins({ store, feed })
    t.teardown(async () => {
      await logins.close()
      await store.close()
      limiters.close()
    })
    await waitFor(10_000, 'a fresh node', () => feed.renew(1000))
    await store.ping()

    await acl('-eval', '-evalsha')
    const login = newLogin({ userId: 'canary-user' }, Date.now())
    const insertError: unknown = await store.insert(login, NO_LIMIT).catch((error: unknown) => error)
    t.match(insertError, { message: /^NOPERM .*'eval/ })
    t.notMatch(inspectAll(insertError), CANARY)
    const revokeError: unknown = await logins.revoke(login.id).catch((error: unknown) => error)
    t.match(revokeError, { cause: { message: /^NOPERM / } })
    t.notMatch(inspectAll(revokeError), new RegExp(login.id))

    await acl('resetpass', '>another')
    await runCommand(server.port, (client) => client.call('CLIENT', 'KILL', 'USER', 'app'))
    for (const errors of Object.values(reported)) {
      await waitFor(20_000, 'WRONGPASS', async () => inspectAll(errors).includes('WRONGPASS'))
      t.notMatch(inspectAll(errors), CANARY)
    }
    t.notMatch(inspectAll(await checkRedis(redis)), CANARY)
  }
)
