import { ORIGIN, send } from '../send.ts'
import { BETTER_AUTH, type Trap } from './trap.ts'

/** A page on a sibling host: of the same site, so that `SameSite` does not keep the cookie from it. */
const SIBLING = { origin: 'http://blog.shop.test', 'sec-fetch-site': 'same-site' }

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
}

/** What other pages, proxies and scripts of the page can do. */
export const browserTraps: readonly Trap[] = [
  {
    name: 'A page on a sibling host can act as the administrator (CSRF)',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const { cookie = '' } = await service.byCookie(await service.addMember({ role: 'admin' }))
      // No body: a form without fields, which needs no preflight.
      const response = await send(service.url, 'POST', '/orders', { cookie, ...SIBLING })
      return response.status === 200
    }
  },
  {
    name: 'A page on a sibling host can open a WebSocket as the user',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const { cookie = '' } = await service.byCookie(await service.addMember())
      const response = await send(service.url, 'GET', '/live', { cookie, ...SIBLING, ...UPGRADE })
      return response.status === 101
    }
  },
  {
    name: 'A cookie that a sibling host has planted makes a user act in the account of the attacker',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const attacker = await service.addMember({ name: 'Mallory' })
      const { cookie: planted = '' } = await service.byCookie(attacker)
      const { cookie: own = '' } = await service.byCookie(await service.addMember())
      for (const cookie of [`${planted}; ${own}`, `${own}; ${planted}`]) {
        const response = await send(service.url, 'GET', '/account', { cookie, origin: ORIGIN })
        if (response.text === 'Hello, Mallory!') return true
      }
      return false
    }
  },
  {
    name: 'A response for one user may be stored by a cache, and shown by the back button after a log-out',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const browser = await service.byCookie(await service.addMember())
      const { headers } = await send(service.url, 'GET', '/orders', browser)
      return !/no-store/.test(headers['cache-control'] ?? '')
    }
  },
  {
    name: 'A script of the page can read a credential that is valid elsewhere, although the cookie is HttpOnly',
    isIn: BETTER_AUTH,
    isShown: async (service) => {
      const browser = await service.byCookie(await service.addMember())
      const responses = [
        await send(service.url, 'GET', '/orders', browser),
        await service.ask(browser, ({ listDevices }) => listDevices())
      ]
      for (const { text } of responses) {
        for (const [word] of text.matchAll(/[\w.+/=-]{20,}/g)) {
          const authorization = `Bearer ${word}`
          if ((await send(service.url, 'GET', '/orders', { authorization })).status === 200) return true
        }
      }
      return false
    }
  }
]
