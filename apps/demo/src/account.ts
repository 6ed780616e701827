import type { AccountOptions } from '@drawbridge/account'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import type { Dependencies } from './dependencies.ts'

const own = { changePassword: true, reauthenticate: true, tokens: true, deleteAccount: true } as const

/** Whether visitors can register, and reset a password. Users of a production node are added by `add-user`. */
export const canRegister = ({ isProduction }: Pick<Config, 'isProduction'>): boolean => !isProduction

/**
 * The routes of `/account`. Those that need mail are for development, where a mail is a line of the log.
 */
export function accountOptions(
  app: FastifyInstance,
  config: Pick<Config, 'isProduction' | 'registration'>,
  { limiters, onError, secret, users, credentials }: AccountDependencies
): AccountOptions {
  const shared = { secret, onError, throttle: limiters === undefined ? {} : { limiters } }
  if (!canRegister(config)) return { ...shared, routes: own }
  const mail = (to: string, text: string) => app.log.info({ event: 'mail', to }, text)
  // Of the address that the server listens on: a client chooses what is in its Host header.
  const link = (purpose: string, token: string) => `${app.listeningOrigin}/#${purpose}=${token}`
  const isVerified = config.registration === 'verified'
  return {
    ...shared,
    routes: { ...own, register: true, forgotPassword: true, resetPassword: true, verify: isVerified },
    sendReset: ({ username }, token) => mail(username, `set a new password: ${link('reset', token)}`),
    ...(isVerified && {
      registration: 'verified',
      sendVerification: ({ username }, token) =>
        mail(username, `confirm your account: ${link('verify', token)}`),
      onUsernameTaken: (username) => mail(username, 'you have an account already'),
      verification: {
        findPending: async (userId) => ((await users.findById(userId))?.disabled ? 'account' : null),
        onVerified: (userId) => credentials.enable?.({ userId })
      }
    })
  }
}

type AccountDependencies = Pick<Dependencies, 'credentials' | 'limiters' | 'onError' | 'secret' | 'users'>
