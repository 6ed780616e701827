import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import csrfProtection from '@fastify/csrf-protection'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'

const [socketPath, password] = process.argv.slice(2)
const credentials = createCredentials({ users: createMemoryUserStore() })
await credentials.register({ username: 'ada', password })

const app = Fastify({ logger: true, trustProxy: (_address, hop) => hop === 0 })
app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
for (const plugin of [cookie, csrfProtection, websocket]) await app.register(plugin)
await app.register(cors, { origin: ['https://partner.example'], credentials: true })
const logins = createLogins({ store: createMemoryLoginStore() })
await app.register(sessionAuth, { credentials, logins, secret: 'a root secret for tests, 0123456789' })
app.addHook('onRequest', app.sessionAuth.guard)

app.get('/me', ({ principal, ip }, reply) =>
  reply.send({ username: principal.username, ip, csrfToken: reply.generateCsrf() })
)
const note = {
  body: z.object({ text: z.string().min(1) }),
  response: { 200: z.object({ kept: z.string() }) }
}
app.post('/notes', { schema: note, preHandler: app.csrfProtection }, async ({ body }) => ({
  kept: body.text
}))
app.get('/live', { websocket: true }, (socket, { principal }) => socket.send(`Hello, ${principal.username}!`))
app.get('/health', { config: { drawbridge: { public: true } } }, async () => 'well')
await app.listen({ path: socketPath })
console.log(`the service is at ${socketPath}`)
