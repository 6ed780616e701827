import { Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { principalOf } from '@drawbridge/session-auth'
import { principalOf as principalOfToken } from '@drawbridge/token-auth'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import t from 'tap'
import { z } from 'zod'
import { createGuardedService } from './guarded-service.ts'

/** Compiles only where a handler's own types stay inferred: each would be `unknown` otherwise. */
const service = await createGuardedService({
  routes: (app) => {
    app.withTypeProvider<TypeBoxTypeProvider>().get(
      '/typebox',
      {
        schema: { querystring: Type.Object({ greeting: Type.String() }) },
        onRequest: app.sessionAuth.guard
      },
      async (request) => request.query.greeting.concat(principalOf(request).username)
    )
    app.register(async (scope) => {
      scope.setValidatorCompiler(validatorCompiler)
      scope.setSerializerCompiler(serializerCompiler)
      scope.withTypeProvider<ZodTypeProvider>().get(
        '/zod',
        {
          schema: { querystring: z.object({ times: z.coerce.number() }), response: { 200: z.string() } },
          onRequest: app.tokenAuth.guard
        },
        async (request) => principalOfToken(request).username.repeat(request.query.times)
      )
    })
    app.get('/open', async (request) => principalOf(request))
    app.get('/public', {
      onRequest: app.sessionAuth.guard,
      config: { drawbridge: { public: true } },
      handler: async (request) => principalOf(request)
    })
  }
})
t.teardown(() => service.app.close())

t.test('principalOf gives the principal behind a guard, in handlers of each type provider', async (t) => {
  const { app } = service
  const typebox = await app.inject({ url: '/typebox?greeting=Hi', headers: await service.byCookie() })
  t.equal(typebox.body, 'Hiada')
  const zod = await app.inject({ url: '/zod?times=2', headers: await service.byToken() })
  t.equal(zod.body, 'adaada')
})

t.test('principalOf is a fault of the service where no guard has authenticated the request', async (t) => {
  for (const url of ['/open', '/public']) {
    const response = await service.app.inject(url)
    t.match(response.json(), { statusCode: 500, code: 'DRAWBRIDGE_UNGUARDED_ROUTE' })
  }
})
