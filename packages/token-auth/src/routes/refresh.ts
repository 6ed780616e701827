import type { FastifyInstance } from 'fastify'
import { unauthorized } from '../errors.ts'
import type { TokenAuth } from '../types.ts'
import { refreshSchema } from './schemas.ts'

interface RefreshBody {
  readonly refresh_token: string
}

/** `POST /refresh`. */
export function refreshRoute(
  scope: FastifyInstance,
  path: string,
  { refresh }: Pick<TokenAuth, 'refresh'>
): void {
  scope.post<{ Body: RefreshBody }>(path, { schema: refreshSchema }, async (request) => {
    const outcome = await refresh(request.body.refresh_token)
    if (!outcome.ok) throw unauthorized(`refresh token ${outcome.reason}`, 'invalid_token')
    return outcome.response
  })
}
