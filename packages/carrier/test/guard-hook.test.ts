import Fastify from 'fastify'
import t from 'tap'
import { createGuardHook } from '../src/guard-hook.ts'

t.test('a check that throws or rejects lets nobody through, whatever it does so with', async (t) => {
  for (const reason of [null, undefined, 'a text', new Error('a fault')]) {
    const app = Fastify()
    t.teardown(() => app.close())
    const guard = createGuardHook(() => Promise.reject(reason as Error))
    app.get('/callback', { onRequest: guard }, async () => 'let through')
    const throwing = createGuardHook(() => {
      throw reason
    })
    app.get('/thrown', { onRequest: throwing }, async () => 'let through')
    app.get(
      '/promise',
      { onRequest: async (request, reply) => guard(request, reply) },
      async () => 'let through'
    )
    for (const url of ['/callback', '/thrown', '/promise'])
      t.equal((await app.inject(url)).statusCode, 500, `${String(reason)}, ${url}`)
  }
})
