import { ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { Account } from '../types.ts'
import type { AccountGuard } from './account-guard.ts'
import { deleteAccountSchema } from './schemas.ts'

/** `DELETE /`, which is the prefix without a slash. */
export function deleteAccountRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'deleteAccount'>,
  onRequest: AccountGuard
): void {
  ignoreBodies(scope)
  scope.delete(
    path,
    { onRequest, schema: deleteAccountSchema, prefixTrailingSlash: 'no-slash' },
    async (request, reply) => {
      await account.deleteAccount(request, reply)
      return reply.code(204).send()
    }
  )
}
