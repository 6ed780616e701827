import { ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { Account } from '../types.ts'
import type { AccountGuard } from './account-guard.ts'
import { createTokenSchema, listTokensSchema, revokeTokenSchema } from './schemas.ts'

/** `POST /tokens`. */
export function createTokenRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'createToken'>,
  onRequest: AccountGuard
): void {
  scope.post(path, { onRequest, schema: createTokenSchema }, async (request, reply) => {
    const created = await account.createToken(request, reply, request.body)
    return reply.code(201).send(created)
  })
}

/** `GET /tokens` and `DELETE /tokens/:id`. */
export function tokensRoutes(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'listTokens' | 'revokeToken'>,
  onRequest: AccountGuard
): void {
  ignoreBodies(scope)
  scope.get(path, { onRequest, schema: listTokensSchema }, async (request) => ({
    tokens: await account.listTokens(request)
  }))
  scope.delete<{ Params: { readonly id: string } }>(
    `${path}/:id`,
    { onRequest, schema: revokeTokenSchema },
    async (request, reply) => {
      await account.revokeToken(request, request.params.id)
      return reply.code(204).send()
    }
  )
}
