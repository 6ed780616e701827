import type { Asked, Device, Requests } from '../requests.ts'
import { type Headers, send } from '../send.ts'
import type { Service } from '../start-service.ts'
import { BETTER_AUTH, CACHED, type Trap } from './trap.ts'

/** Whether the service still serves who presents this. */
const isServed = async ({ url }: Service, headers: Headers) =>
  (await send(url, 'GET', '/orders', headers)).status === 200

async function ask(service: Service, headers: Headers, of: (requests: Requests) => Asked) {
  const response = await service.ask(headers, of)
  if (response.status >= 300) throw new Error(`${service.kind}: ${response.status} ${response.text}`)
  return response
}

async function asAdmin(service: Service, of: (requests: Requests) => Asked): Promise<void> {
  await ask(service, await service.byCookie(await service.addMember({ role: 'admin' })), of)
}

/** Of a sign-in: the last one before the session is written. */
const LAST_QUERY = /full_name AS name|"account"/

/** What a user or an administrator does to revoke logins, and what was copied before. */
export const revocationTraps: readonly Trap[] = [
  {
    name: 'An access token is served after its log-out',
    isIn: ['by hand'],
    isShown: async (service) => {
      const { headers } = await service.byToken(await service.addMember())
      await ask(service, headers, ({ logOut }) => logOut('api'))
      return isServed(service, headers)
    }
  },
  {
    name: 'An access token is served after its device was revoked on the list of devices',
    isIn: ['by hand'],
    isShown: async (service) => {
      const member = await service.addMember()
      const { headers } = await service.byToken(member)
      const [device] = await listDevices(service, headers)
      const browser = await service.byCookie(member)
      await ask(service, browser, ({ revokeDevice }) => revokeDevice(device as Device))
      return isServed(service, headers)
    }
  },
  {
    name: 'An access token of another device is served after a change of password',
    isIn: ['by hand'],
    isShown: async (service) => {
      const member = await service.addMember()
      const { headers } = await service.byToken(member)
      const browser = await service.byCookie(member)
      await changePassword(service, browser, member.password)
      return isServed(service, headers)
    }
  },
  {
    name: 'A session is restored by a request that was in flight during its log-out',
    isIn: ['by hand', CACHED],
    isShown: async (service) => {
      const browser = await service.byCookie(await service.addMember())
      const query = service.watch.hold(/from "?members|"account"/i)
      const slow = service.ask(browser, (requests) => requests.changePassword('a wrong one', 'a new one'))
      await query.reached
      await ask(service, browser, ({ logOut }) => logOut('web'))
      query.release()
      await slow
      return isServed(service, browser)
    }
  },
  {
    name: 'A sign-in with the old password survives the change of password that it ran beside',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const member = await service.addMember()
      const owner = await service.byCookie(member)
      await service.forgetAttempts()
      const query = service.watch.hold(LAST_QUERY)
      const thief = service.byCookie(member)
      await query.reached
      await changePassword(service, owner, member.password)
      query.release()
      return thief.then(
        (headers) => isServed(service, headers),
        () => false
      )
    }
  },
  {
    name: 'A copied cookie is served after its log-out',
    isIn: [CACHED],
    isShown: async (service) => {
      const browser = await service.byCookie(await service.addMember())
      await ask(service, browser, ({ logOut }) => logOut('web'))
      return isServed(service, browser)
    }
  },
  {
    name: 'A user whom an administrator has locked is served',
    isIn: [CACHED],
    isShown: async (service) => {
      const member = await service.addMember()
      const browser = await service.byCookie(member)
      await asAdmin(service, ({ lock }) => lock(member.id))
      return isServed(service, browser)
    }
  },
  {
    name: 'A role that was taken away still counts',
    isIn: [CACHED],
    isShown: async (service) => {
      const member = await service.addMember({ role: 'admin' })
      const browser = await service.byCookie(member)
      await asAdmin(service, ({ setRole }) => setRole(member.id, 'member'))
      return (await send(service.url, 'POST', '/orders', browser, {})).status === 200
    }
  }
]

async function listDevices(service: Service, headers: Headers): Promise<readonly Device[]> {
  return (await ask(service, headers, (requests) => requests.listDevices())).json<Device[]>()
}

async function changePassword(service: Service, headers: Headers, currentPassword: string): Promise<void> {
  await ask(service, headers, (requests) =>
    requests.changePassword(currentPassword, 'a quite different phrase')
  )
}
