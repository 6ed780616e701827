import { announceEffect, ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { Account } from '../types.ts'
import type { AccountGuard } from './account-guard.ts'
import { listLoginsSchema, revokeLoginSchema, revokeOthersSchema } from './schemas.ts'

/** `GET /logins`, `DELETE /logins/:id` and `POST /logins/revoke-others`. @param revokeGuard of those that end logins. */
export function loginsRoutes(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'listLogins' | 'revokeLogin' | 'revokeOthers'>,
  onRequest: AccountGuard,
  revokeGuard: AccountGuard,
  logins: Parameters<typeof announceEffect>[1]
): void {
  ignoreBodies(scope)
  scope.get(path, { onRequest, schema: listLoginsSchema }, async (request) => ({
    logins: await account.listLogins(request)
  }))
  scope.delete<{ Params: { readonly id: string } }>(
    `${path}/:id`,
    { onRequest: revokeGuard, schema: revokeLoginSchema },
    async (request, reply) => {
      await account.revokeLogin(request, request.params.id)
      announceEffect(reply, logins)
      return reply.code(204).send()
    }
  )
  scope.post(
    `${path}/revoke-others`,
    { onRequest: revokeGuard, schema: revokeOthersSchema },
    async (request, reply) => ({
      revoked: await account.revokeOthers(request, reply)
    })
  )
}
