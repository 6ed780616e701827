import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { Bridge } from '../types.ts'
import { sessionForTokenSchema, tokenForSessionSchema } from './schemas.ts'

/** `POST /exchange/…`: those that are allowed. */
export function exchangeRoutes(
  scope: FastifyInstance,
  exchange: ParsedOptions['exchange'],
  bridge: Pick<Bridge, 'sessionForToken' | 'tokenForSession'>
): void {
  if (exchange.includes('session-for-token')) {
    scope.post<{ Body: { readonly refresh_token?: boolean } | null | undefined }>(
      '/exchange/session-for-token',
      { schema: sessionForTokenSchema },
      (request) => bridge.sessionForToken(request, { refreshToken: request.body?.refresh_token === true })
    )
  }
  if (exchange.includes('token-for-session')) {
    scope.post<{ Body: { readonly refresh_token: string } }>(
      '/exchange/token-for-session',
      { schema: tokenForSessionSchema },
      async (request, reply) => {
        await bridge.tokenForSession(request, reply, request.body.refresh_token)
        return { message: 'Login successful' }
      }
    )
  }
}
