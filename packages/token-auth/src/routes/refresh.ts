import { unauthorized } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import { challenge } from '../access-tokens/challenge.ts'
import type { TokenAuth } from '../types.ts'
import { refreshSchema } from './schemas.ts'

interface RefreshBody {
  readonly refresh_token: string
}

export function refreshRoute(scope: FastifyInstance, { refresh }: Pick<TokenAuth, 'refresh'>): void {
  scope.post<{ Body: RefreshBody }>('/refresh', { schema: refreshSchema }, async (request) => {
    const outcome = await refresh(request.body.refresh_token)
    if (!outcome.ok) throw unauthorized(`refresh token ${outcome.reason}`, challenge('invalid_token'))
    return outcome.response
  })
}
