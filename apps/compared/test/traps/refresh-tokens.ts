import { send } from '../send.ts'
import type { Tokens } from '../actions.ts'
import type { Service } from '../start-service.ts'
import { BETTER_AUTH, type Trap } from './trap.ts'

const isServed = async ({ url }: Service, { headers }: Tokens) =>
  (await send(url, 'GET', '/orders', headers)).status === 200

/** The credential of an API client that lasts for weeks. */
export const refreshTokenTraps: readonly Trap[] = [
  {
    name: 'A thief who has copied the long-lived credential of an API client keeps it, and nobody notices',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const owner = await service.byToken(await service.addMember())
      const thief = await service.refresh(await service.refresh(owner))
      await service.refresh(owner)
      return isServed(service, await service.refresh(thief))
    }
  },
  {
    name: 'Two refreshes at the same time, or a lost response, log the client out',
    isIn: ['by hand'],
    isShown: async (service) => {
      const tokens = await service.byToken(await service.addMember())
      const refreshed = await Promise.all([service.refresh(tokens), service.refresh(tokens)])
      const served = await Promise.all(refreshed.map((each) => isServed(service, each)))
      return served.includes(false)
    }
  }
]
