import { send } from '../send.ts'
import type { Service } from '../start-service.ts'
import { BETTER_AUTH, type Trap } from './trap.ts'

/** What the store contains, and what it loses. */
export const storeTraps: readonly Trap[] = [
  {
    name: 'A reader of the store, or of a backup, can present what it contains as a token',
    isIn: BETTER_AUTH,
    isShown: async (service) => {
      await service.byToken(await service.addMember())
      for (const word of await readAll(service)) {
        const authorization = `Bearer ${word}`
        if ((await send(service.url, 'GET', '/orders', { authorization })).status === 200) return true
        const body = { refresh_token: word }
        if ((await send(service.url, 'POST', '/api/refresh', {}, body)).status === 200) return true
      }
      return false
    }
  },
  {
    name: 'Of two sign-ins at the same time one is missing on the list of devices',
    isIn: BETTER_AUTH,
    isShown: async (service) => {
      const member = await service.addMember()
      const release = pairReads(service, `active-sessions-${member.id}`)
      const [browser] = await Promise.all([service.byCookie(member), service.byCookie(member)])
      release()
      const devices = await service.ask(browser ?? {}, ({ listDevices }) => listDevices())
      return devices.json<unknown[]>().length < 2
    }
  }
]

/** Every word that could be a credential, of all keys and values. */
async function readAll({ redis }: Service): Promise<ReadonlySet<string>> {
  const words = new Set<string>()
  const note = (text: string) => text.match(/[\w.-]{20,}/g)?.forEach((word) => words.add(word))
  for (const key of await redis.keys('*')) {
    note(key)
    const type = await redis.type(key)
    if (type === 'string') note((await redis.get(key)) ?? '')
    if (type === 'hash') Object.values(await redis.hgetall(key)).forEach(note)
  }
  return words
}

/** Holds back the first read of a key until another has come: both then go on from what was there before. */
function pairReads({ ownRedis }: Service, key: string): () => void {
  const get = ownRedis.get.bind(ownRedis)
  const waiting: (() => void)[] = []
  const patched = async (asked: string) => {
    const value = await get(asked)
    if (asked !== key) return value
    if (waiting.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else waiting.forEach((go) => go())
    return value
  }
  Object.assign(ownRedis, { get: patched })
  return () => void Object.assign(ownRedis, { get })
}
