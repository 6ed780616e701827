import type { Kind } from './kinds.ts'

/** A request that every service takes, each at its own path. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: object
}

/** A login on the list of devices. */
export interface Device {
  readonly id: string
  /** better-auth names the session to end by its credential. */
  readonly token?: string
}

/** What a service can be asked for. */
export interface Requests {
  readonly logOut: (carrier: 'web' | 'api') => Asked
  readonly register: (account: { email: string; password: string }) => Asked
  readonly changePassword: (currentPassword: string, newPassword: string) => Asked
  readonly listDevices: () => Asked
  readonly revokeDevice: (device: Device) => Asked
  readonly lock: (userId: string) => Asked
  readonly setRole: (userId: string, role: string) => Asked
}

const post = (path: string, body: object = {}): Asked => ({ method: 'POST', path, body })
const patch = (userId: string, body: object): Asked => ({
  method: 'PATCH',
  path: `/members/${userId}`,
  body
})
const profile = { name: 'Kim', tenant: 'north' }

const ownRoutes: Requests = {
  logOut: (carrier) => post(`/${carrier}/logout`),
  register: (account) => post('/register', { ...account, ...profile }),
  changePassword: (currentPassword, newPassword) => post('/password', { currentPassword, newPassword }),
  listDevices: () => ({ method: 'GET', path: '/devices' }),
  revokeDevice: ({ id }) => ({ method: 'DELETE', path: `/devices/${id}` }),
  lock: (userId) => patch(userId, { role: 'member', locked: true }),
  setRole: (userId, role) => patch(userId, { role, locked: false })
}

/** better-auth has routes for most of it, which the service keeps. */
const betterAuthRoutes: Requests = {
  logOut: () => post('/auth/sign-out'),
  register: (account) => post('/auth/sign-up/email', { ...account, ...profile }),
  changePassword: (currentPassword, newPassword) =>
    post('/auth/change-password', { currentPassword, newPassword, revokeOtherSessions: true }),
  listDevices: () => ({ method: 'GET', path: '/auth/list-sessions' }),
  revokeDevice: ({ token }) => post('/auth/revoke-session', { token }),
  lock: (userId) => post('/auth/admin/ban-user', { userId }),
  setRole: (userId, role) => post('/auth/admin/set-role', { userId, role })
}

/** The requests of a service. */
export const requestsOf = (kind: Kind): Requests =>
  kind.startsWith('better-auth') ? betterAuthRoutes : ownRoutes
