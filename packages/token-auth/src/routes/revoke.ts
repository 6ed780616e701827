import type { FastifyInstance } from 'fastify'
import type { TokenAuthApi } from '../api.ts'
import type { Form } from '../clients/authenticate-client.ts'
import { revokeSchema } from './schemas.ts'

/** The parameters of a question about a token; others are ignored (RFC 7009 section 2.1, RFC 7662 section 2.1). */
export interface TokenForm extends Form {
  readonly token: string
}

/**
 * `POST /revoke` (RFC 7009). Whoever has a token may end its login, as at `POST /logout`: a client need not authenticate, and one
 * that tries to must succeed. One response whatever the token was, so that it says nothing about it.
 */
export function revokeRoute(scope: FastifyInstance, path: string, api: TokenAuthApi): void {
  scope.post<{ Body: TokenForm }>(path, { schema: revokeSchema }, async (request, reply) => {
    await api.clients.authenticate(request, request.body)
    await api.revokeToken(request.body.token)
    api.announceEffect(reply)
    return reply.code(200).send()
  })
}
