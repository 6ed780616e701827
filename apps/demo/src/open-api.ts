import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'

/** The OpenAPI description of the service, which /docs shows. */
export const openApi = (cookieName: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Drawbridge demo',
      description: 'One login, two carriers: a cookie for browsers, a token for API clients.',
      version: '0.1.0'
    },
    tags: [
      { name: 'session', description: 'The login in a cookie' },
      { name: 'token', description: 'The login in an access token and a refresh token' },
      { name: 'bridge', description: 'Both carriers of one login' },
      { name: 'account', description: 'Where the user is signed in' },
      { name: 'health', description: 'For balancers and supervisors' }
    ],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
      }
    }
  }
})

/** The schema of a route that greets the signed-in user, by any of these carriers. */
export function greetingSchema(...carriers: ReadonlyArray<'session' | 'token'>): FastifySchema {
  return {
    summary: 'A greeting for the signed-in user',
    tags: carriers.length === 1 ? carriers : ['bridge'],
    security: carriers.map((carrier) => ({ [carrier]: [] })),
    response: {
      200: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } }
    }
  }
}
