import { bridge, describeErrors } from '@drawbridge/bridge'
import { asUser } from '@drawbridge/bridge/testing'
import { createTestLogins } from '@drawbridge/logins/testing'
import { sessionAuth } from '@drawbridge/session-auth'
import { lintOpenApi } from '@drawbridge/test-support/lint-open-api'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { Type, TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider
} from 'fastify-type-provider-zod'
import t from 'tap'
import { z } from 'zod'

const user = { id: '1', username: 'ada' }
const credentials = {
  verify: async () => ({ ok: true, user }) as const,
  verifySecondFactor: async () => ({ ok: true, user }) as const
}
const secret = 'a root secret for tests, 0123456789'
const keys = [generateSigningKey()]

interface Style {
  readonly name: string
  readonly swagger?: FastifyDynamicSwaggerOptions
  readonly addRoutes: (app: FastifyInstance) => void
  /** Rules of the validator that do not apply. */
  readonly without?: readonly string[]
}

const Double = z.object({ twice: z.number() }).meta({ id: 'Double' })

const styles: readonly Style[] = [
  {
    name: 'plain',
    addRoutes: (app) => {
      const response = {
        200: { description: 'Doubled.', type: 'object', properties: { twice: { type: 'number' } } }
      }
      const body = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }
      const schema = { summary: 'Double it', body, response }
      app.post<{ Body: { n: number } }>(
        '/double',
        { schema, onRequest: app.bridge.guard },
        async ({ body: { n } }) => ({
          twice: n * 2
        })
      )
    }
  },
  {
    name: 'zod',
    // Its transform adds the input form of each registered schema, used or not.
    without: ['no-unused-components'],
    swagger: {
      transform: jsonSchemaTransform,
      transformObject: (draft) => describeErrors()({ openapiObject: jsonSchemaTransformObject(draft) })
    },
    addRoutes: (app) => {
      app.setValidatorCompiler(validatorCompiler)
      app.setSerializerCompiler(serializerCompiler)
      const schema = { summary: 'Double it', body: z.object({ n: z.number() }), response: { 200: Double } }
      app
        .withTypeProvider<ZodTypeProvider>()
        .post('/double', { schema, onRequest: app.bridge.guard }, async ({ body: { n } }) => ({
          twice: n * 2
        }))
    }
  },
  {
    name: 'TypeBox',
    addRoutes: (app) => {
      app.setValidatorCompiler(TypeBoxValidatorCompiler)
      const schema = {
        summary: 'Double it',
        body: Type.Object({ n: Type.Number() }),
        response: { 200: Type.Object({ twice: Type.Number() }) }
      }
      app
        .withTypeProvider<TypeBoxTypeProvider>()
        .post('/double', { schema, onRequest: app.bridge.guard }, async ({ body: { n } }) => ({
          twice: n * 2
        }))
    }
  }
]

async function createService(
  openapi: string,
  { swagger: options, addRoutes }: Style
): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(swagger, {
    openapi: { openapi, info: { title: 'A service', version: '1' } },
    transformObject: describeErrors(),
    ...options
  } as FastifyDynamicSwaggerOptions)
  const { logins } = createTestLogins()
  await app.register(sessionAuth, { credentials, logins, secret })
  await app.register(tokenAuth, { credentials, logins, secret, keys })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'] })
  const summary = 'For administrators'
  const onRequest = app.sessionAuth.guard({ scopes: ['admin'], redirectTo: '/sign-in' })
  app.get('/admin', { onRequest, schema: { summary } }, async () => ({}))
  addRoutes(app)
  await app.ready()
  return app
}

for (const style of styles) {
  for (const openapi of ['3.0.3', '3.1.0']) {
    t.test(
      `the document of a service with ${style.name} schemas is valid in OpenAPI ${openapi}`,
      async (t) => {
        const app = await createService(openapi, style)
        t.teardown(() => app.close())
        const document = JSON.parse(JSON.stringify(app.swagger())) as { readonly paths: object }
        t.same(await lintOpenApi(document, style.without), [])
        t.match(document.paths, {
          '/double': {
            post: { security: [{ session: [] }, { token: [] }], responses: { 401: Object, 403: Object } }
          },
          '/session/login': { post: { responses: { 401: Object } } }
        })
        const headers = await asUser(app, user)
        const doubled = await app.inject({ method: 'POST', url: '/double', headers, payload: { n: 2 } })
        t.same(doubled.json(), { twice: 4 })
        const rejected = await app.inject({ method: 'POST', url: '/double', payload: { n: 2 } })
        t.match(rejected.json(), { statusCode: 401, code: 'DRAWBRIDGE_UNAUTHORIZED' })
      }
    )
  }
}

t.test(
  'an error format of the service is sent as it is, and described where the service says how',
  async (t) => {
    const problem = {
      type: 'object',
      required: ['type', 'status'],
      properties: { type: { type: 'string' }, status: { type: 'integer' } }
    }
    const toProblem = ({ code, statusCode }: Pick<FastifyError, 'code' | 'statusCode'>) => ({
      type: code,
      status: statusCode
    })
    const app = await createService('3.1.0', {
      name: 'problems',
      swagger: {
        transformObject: describeErrors({
          schema: problem,
          toBody: toProblem,
          contentType: 'application/problem+json'
        })
      },
      addRoutes: (app) => {
        app.setErrorHandler((error: FastifyError, _request, reply) =>
          reply
            .code(error.statusCode ?? 500)
            .type('application/problem+json')
            .send(toProblem(error))
        )
        app.get('/mine', { onRequest: app.sessionAuth.guard, schema: { summary: 'Mine' } }, async () => ({}))
      }
    })
    t.teardown(() => app.close())
    const document = JSON.parse(JSON.stringify(app.swagger())) as { readonly paths: Record<string, object> }
    t.same(await lintOpenApi(document), [])
    t.notMatch(
      JSON.stringify(document),
      /DrawbridgeError|application\/json":\{"schema":\{"type":"object","required":\["statusCode/
    )
    const described = (code: string) => ({
      'application/problem+json': {
        schema: problem,
        examples: { [code]: { value: { type: code, status: 401 } } }
      }
    })
    t.match(document.paths['/mine'], {
      get: { responses: { 401: { content: described('DRAWBRIDGE_UNAUTHORIZED') } } }
    })
    t.match(document.paths['/token/refresh'], {
      post: { responses: { 401: { content: described('DRAWBRIDGE_UNAUTHORIZED') } } }
    })
    t.same((await app.inject('/mine')).json(), { type: 'DRAWBRIDGE_UNAUTHORIZED', status: 401 })
  }
)
