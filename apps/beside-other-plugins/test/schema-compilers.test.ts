import swagger from '@fastify/swagger'
import { Type, TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider
} from 'fastify-type-provider-zod'
import t from 'tap'
import { z } from 'zod'
import { inBothOrders } from './both-orders.ts'

t.test("M9: beside fastify-type-provider-zod's compilers at the root", async (t) => {
  await inBothOrders(
    t,
    {
      others: async (app) => {
        app.setValidatorCompiler(validatorCompiler)
        app.setSerializerCompiler(serializerCompiler)
        await app.register(swagger, {
          openapi: { info: { title: 'A service', version: '1' } },
          transform: jsonSchemaTransform
        })
      },
      routes: (app) => {
        app.withTypeProvider<ZodTypeProvider>().post(
          '/double',
          {
            schema: { body: z.object({ n: z.number() }), response: { 200: z.object({ twice: z.number() }) } },
            onRequest: app.sessionAuth.guard
          },
          async ({ body }) => ({ twice: body.n * 2, more: 'is dropped' })
        )
      }
    },
    async (t, { app, post, signIn }) => {
      const headers = { cookie: await signIn() }
      t.same((await post('/double', { headers, payload: { n: 2 } })).json(), { twice: 4 })
      t.equal((await post('/double', { headers, payload: { n: 'two' } })).statusCode, 400)
      const { paths } = app.swagger() as { paths: Record<string, unknown> }
      t.ok(paths['/double'], 'its own route is documented')
      if (paths['/token/login'])
        t.match(paths['/token/login'], { post: { requestBody: { content: { 'application/json': Object } } } })
    }
  )
})

t.test("M9: beside @fastify/type-provider-typebox's compiler at the root", async (t) => {
  await inBothOrders(
    t,
    {
      others: (app) => void app.setValidatorCompiler(TypeBoxValidatorCompiler),
      routes: (app) => {
        app
          .withTypeProvider<TypeBoxTypeProvider>()
          .post(
            '/double',
            { schema: { body: Type.Object({ n: Type.Number() }) }, onRequest: app.sessionAuth.guard },
            async ({ body }) => ({ twice: body.n * 2 })
          )
      }
    },
    async (t, { post, signIn }) => {
      const headers = { cookie: await signIn() }
      t.same((await post('/double', { headers, payload: { n: 2 } })).json(), { twice: 4 })
      t.equal((await post('/double', { headers, payload: { n: 'two' } })).statusCode, 400)
    }
  )
})

t.test('M9: beside compilers that reject every schema', async (t) => {
  const none = () => {
    throw new Error('no schema of mine')
  }
  await inBothOrders(
    t,
    {
      others: (app) => {
        app.setValidatorCompiler(none)
        app.setSerializerCompiler(none)
      }
    },
    async () => {}
  )
})
