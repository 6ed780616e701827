import { describeErrors } from '@drawbridge/bridge'
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'

/** The OpenAPI description of the service, which /docs shows. */
export const openApi: FastifyDynamicSwaggerOptions = {
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
    ]
  },
  transformObject: describeErrors()
}

/** The schema of a route that greets the signed-in user. */
export const greetingSchema = (operationId: string, tag: string): FastifySchema => ({
  operationId,
  summary: 'A greeting for the signed-in user',
  tags: [tag],
  response: {
    200: {
      description: 'Who is signed in.',
      type: 'object',
      required: ['message'],
      properties: { message: { type: 'string' } }
    }
  }
})
