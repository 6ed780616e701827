import type { Service } from '../start-service.ts'
import { BETTER_AUTH, type Trap } from './trap.ts'

/** Runs something while the service cannot reach its Redis. */
async function withoutRedis<T>({ redisProxy, ownRedis }: Service, run: () => Promise<T>): Promise<T> {
  await redisProxy.cut()
  try {
    return await run()
  } finally {
    await redisProxy.resume()
    await ownRedis.ping().catch(() => {})
  }
}

/** Last, since connections come back one by one. */
export const outageTraps: readonly Trap[] = [
  {
    name: 'While the store is down the response is a 500, after which clients do not know whether to try again',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const member = await service.addMember()
      const browser = await service.byCookie(member)
      const responses = await withoutRedis(service, async () => [
        await service.ask(browser, ({ listDevices }) => listDevices()),
        await service.signIn(member)
      ])
      return responses.some(({ status, headers }) => status !== 503 || headers['retry-after'] === undefined)
    }
  }
]
