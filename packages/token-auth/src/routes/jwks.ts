import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { jwksSchema } from './schemas.ts'

/** How long a verifier may use a copy that lacks a new key; README.md says what that means for rotation. */
const MAX_AGE_SECONDS = 300

/** `GET /.well-known/jwks.json`. */
export function jwksRoute(app: FastifyInstance, path: string, { jwks }: Pick<TokenAuth, 'jwks'>): void {
  app.get(path, { schema: jwksSchema }, async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
    return jwks
  })
}
