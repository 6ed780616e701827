import { RedisMonitor } from '@drawbridge/test-support/servers/redis-monitor'
import { countStoreRequests, type Requests } from './count-requests.ts'
import { send } from './send.ts'
import type { Service } from './start-service.ts'

/** What is measured, in the words of the guide. */
export type Operation = 'a request with a cookie' | 'a request with a token' | 'a sign-in' | 'a log-out'

const sum = ({ redis, postgres }: Requests) => redis + postgres

/** Counts the requests to stores of each operation, for a user who has used the service before. */
export async function measureCosts(service: Service): Promise<Readonly<Record<Operation, Requests>>> {
  const member = await service.addMember()
  await service.byCookie(member) // replaces the old hash, where the service does so
  const browser = await service.byCookie(member)
  const { headers: client } = await service.byToken(member)
  for (const headers of [browser, client]) await send(service.url, 'GET', '/orders', headers)

  const monitor = await RedisMonitor.start(service.redisPort)
  const count = (run: () => Promise<{ status: number }>) =>
    countStoreRequests(service, monitor, async () => {
      const { status } = await run()
      if (status !== 200) throw new Error(`${service.kind}: ${status}`)
    })
  // Of several: a node whose feed lags, as on a machine that has too much to do, asks the store.
  const countLeast = async (run: () => Promise<{ status: number }>) => {
    const counted = [await count(run), await count(run), await count(run)]
    return counted.reduce((least, each) => (sum(each) < sum(least) ? each : least))
  }
  try {
    await service.forgetAttempts()
    return {
      'a request with a cookie': await countLeast(() => send(service.url, 'GET', '/orders', browser)),
      'a request with a token': await countLeast(() => send(service.url, 'GET', '/orders', client)),
      'a sign-in': await count(() => service.signIn(member)),
      'a log-out': await count(() => service.ask(browser, ({ logOut }) => logOut('web')))
    }
  } finally {
    monitor.stop()
  }
}
