import { deleteAccount } from './delete-account.ts'
import type { Context } from './context.ts'
import { listLogins } from './logins/list-logins.ts'
import { revokeLogin } from './logins/revoke-login.ts'
import { type AccountRoute, requireNeeds } from './options.ts'
import { changePassword } from './password/change-password.ts'
import { forgotPassword } from './password/forgot-password.ts'
import { resetPassword } from './password/reset-password.ts'
import { reauthenticate } from './reauthenticate.ts'
import { register } from './register.ts'
import { rename } from './rename.ts'
import { createToken } from './tokens/create-token.ts'
import { listTokens } from './tokens/list-tokens.ts'
import { revokeToken } from './tokens/revoke-token.ts'
import type { Account } from './types.ts'
import { createVerification, verify } from './verify.ts'

/** Creates what the plugin adds to the application. */
export function createApi(context: Context): Account {
  const { bridge, logins, options } = context
  /** Runs a method only where the plugin has what it needs. */
  const needing = async <T>(
    method: keyof Account,
    route: AccountRoute | 'rename',
    run: () => Promise<T>
  ): Promise<T> => {
    requireNeeds(`account.${method}`, route, options, context)
    return run()
  }
  return Object.freeze<Account>({
    listLogins: (request) => listLogins(logins, request),
    revokeLogin: (request, loginId) => revokeLogin(logins, request, loginId),
    revokeOthers: (request, reply) => bridge.revokeOthers(request, reply),
    changePassword: (request, reply, body, given) => changePassword(context, request, reply, body, given),
    reauthenticate: (request, reply, body) =>
      needing('reauthenticate', 'reauthenticate', () => reauthenticate(context, request, reply, body)),
    register: (request, body) => needing('register', 'register', () => register(context, request, body)),
    forgotPassword: (request, body) =>
      needing('forgotPassword', 'forgotPassword', () => forgotPassword(context, request, body)),
    resetPassword: (request, body) =>
      needing('resetPassword', 'resetPassword', () => resetPassword(context, request, body)),
    createVerification: (userId) =>
      needing('createVerification', 'verify', () => createVerification(context, userId)),
    verify: (request, body) => needing('verify', 'verify', () => verify(context, request, body)),
    rename: (request, body) => needing('rename', 'rename', () => rename(context, request, body)),
    listTokens: (request) => needing('listTokens', 'tokens', () => listTokens(context, request)),
    createToken: (request, reply, body) =>
      needing('createToken', 'tokens', () => createToken(context, request, reply, body)),
    revokeToken: (request, id) => needing('revokeToken', 'tokens', () => revokeToken(context, request, id)),
    deleteAccount: (request, reply) =>
      needing('deleteAccount', 'deleteAccount', () => deleteAccount(context, request, reply))
  })
}
