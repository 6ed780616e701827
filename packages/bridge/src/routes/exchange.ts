import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { Bridge } from '../types.ts'
import { sessionForTokenSchema, tokenForSessionSchema } from './schemas.ts'

/** `POST /exchange/…`: those that are allowed. */
export function exchangeRoutes(
  scope: FastifyInstance,
  { exchange, routes: { sessionForToken, tokenForSession } }: Pick<ParsedOptions, 'exchange' | 'routes'>,
  bridge: Pick<Bridge, 'sessionForToken' | 'tokenForSession'>
): void {
  if (sessionForToken !== false && exchange.includes('session-for-token')) {
    scope.post<{ Body: { readonly refresh_token?: boolean } | null | undefined }>(
      sessionForToken,
      { schema: sessionForTokenSchema },
      (request) => bridge.sessionForToken(request, { refreshToken: request.body?.refresh_token === true })
    )
  }
  if (tokenForSession !== false && exchange.includes('token-for-session')) {
    scope.post<{ Body: { readonly refresh_token: string } }>(
      tokenForSession,
      { schema: tokenForSessionSchema },
      async (request, reply) => {
        await bridge.tokenForSession(request, reply, request.body.refresh_token)
        return { message: 'Login successful' }
      }
    )
  }
}
