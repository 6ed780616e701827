import type { AccountOptions } from '@drawbridge/account'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import type { Dependencies } from './dependencies.ts'

const own = { changePassword: true, reauthenticate: true, deleteAccount: true } as const

/**
 * The routes of `/account`. Those that need mail are for development, where a mail is a line of the log; users of a production
 * node are added by `add-user`.
 */
export function accountOptions(
  app: FastifyInstance,
  { isProduction }: Pick<Config, 'isProduction'>,
  { limiters, onError, secret }: Pick<Dependencies, 'limiters' | 'onError' | 'secret'>
): AccountOptions {
  const shared = { secret, onError, throttle: limiters === undefined ? {} : { limiters } }
  if (isProduction) return { ...shared, routes: own }
  return {
    ...shared,
    routes: {
      ...own,
      register: true,
      forgotPassword: true,
      resetPassword: true
    },
    sendReset: ({ username }, token) =>
      app.log.info(
        { event: 'mail', to: username },
        `to set a new password, POST {"token":"${token}","newPassword":"…"} to /account/password/reset`
      )
  }
}
