import type { FastifyInstance } from 'fastify'
import type { Account } from '../types.ts'
import type { AccountGuard } from './account-guard.ts'
import {
  changePasswordSchema,
  forgotPasswordSchema,
  reauthenticateSchema,
  resetPasswordSchema
} from './schemas.ts'

/** `POST /password`. */
export function changePasswordRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'changePassword'>,
  onRequest: AccountGuard
): void {
  scope.post(path, { onRequest, schema: changePasswordSchema }, async (request, reply) => {
    const tokens = await account.changePassword(request, reply, request.body)
    return { message: 'Password changed', ...tokens }
  })
}

/** `POST /reauthenticate`. */
export function reauthenticateRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'reauthenticate'>,
  onRequest: AccountGuard
): void {
  scope.post(path, { onRequest, schema: reauthenticateSchema }, async (request, reply) => {
    const tokens = await account.reauthenticate(request, reply, request.body)
    return { message: 'Authenticated', ...tokens }
  })
}

/** `POST /password/forgot`. */
export function forgotPasswordRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'forgotPassword'>
): void {
  scope.post(path, { schema: forgotPasswordSchema }, async (request, reply) => {
    await account.forgotPassword(request, request.body)
    return reply.code(202).send({ message: 'Accepted' })
  })
}

/** `POST /password/reset`. */
export function resetPasswordRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'resetPassword'>
): void {
  scope.post(path, { schema: resetPasswordSchema }, async (request) => {
    await account.resetPassword(request, request.body)
    return { message: 'Password changed' }
  })
}
