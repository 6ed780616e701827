import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import t from 'tap'
import { redisLimiters } from '../../../credentials/src/redis/redis-limiters.ts'
import { createLogins } from '../../src/index.ts'
import { checkRedis, createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import { noRedis, startRedis, tell, within } from './start-redis.ts'

const PASSWORD = 'canary-password'
const CANARY = /canary/
/** As a logger that writes whatever hangs on an error. */
const written = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true })

t.test(
  'T05: no error that leaves the packages has a password of Redis or a row in it',
  { skip: noRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const acl = (...rules: readonly string[]) =>
      tell(server.port, (client) => client.call('ACL', 'SETUSER', 'app', ...rules))
    await acl('on', `>${PASSWORD}`, '~*', '+@all')
    const access = { username: 'app', password: PASSWORD, lazyConnect: true }
    const redis = new Redis({ port: server.port, host: '127.0.0.1', ...access })

    const told: Record<'store' | 'feed' | 'limiters', unknown[]> = { store: [], feed: [], limiters: [] }
    const store = createRedisLoginStore({
      redis,
      commandTimeoutMs: 5000,
      onError: (error) => told.store.push(error)
    })
    const feed = createRedisFeed({
      redis,
      onEvent: (event) => event.type === 'error' && told.feed.push(event.error)
    })
    const limiters = redisLimiters({ redis, onError: (error) => told.limiters.push(error) })
    const logins = createLogins({ store, feed })
    t.teardown(async () => {
      await logins.close()
      await store.close()
      limiters.close()
    })
    await within(10_000, 'a fresh node', () => feed.renew(1000))
    await store.ping()

    await acl('-eval', '-evalsha')
    const login = newLogin({ userId: 'canary-user' }, Date.now())
    const refused: unknown = await store.insert(login, NO_LIMIT).catch((error: unknown) => error)
    t.match(refused, { message: /^NOPERM .*'eval/ })
    t.notMatch(written(refused), CANARY)
    const ended: unknown = await logins.revoke(login.id).catch((error: unknown) => error)
    t.match(ended, { cause: { message: /^NOPERM / } })
    t.notMatch(written(ended), new RegExp(login.id))

    await acl('resetpass', '>another')
    await tell(server.port, (client) => client.call('CLIENT', 'KILL', 'USER', 'app'))
    for (const errors of Object.values(told)) {
      await within(20_000, 'WRONGPASS', async () => written(errors).includes('WRONGPASS'))
      t.notMatch(written(errors), CANARY)
    }
    t.notMatch(written(await checkRedis(redis)), CANARY)
  }
)
