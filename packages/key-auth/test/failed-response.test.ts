import t from 'tap'
import { makeApp, newKey } from './make-app.ts'

t.test('where a request fails after the key was made, the key is taken back', async (t) => {
  const { app, clock, post, signInByToken, send, storeSpy } = await makeApp({
    routes: (service) =>
      void service.post('/failing', { onRequest: service.bridge.guard }, async (request) => {
        await service.keyAuth.create(request, newKey(clock.now))
        throw new Error('the audit log is down')
      })
  })
  const { token } = await signInByToken()
  const { userId } = (await send({ token })).json<{ userId: string }>()
  t.equal((await post({ token }, '/failing')).statusCode, 500)
  t.equal(storeSpy.counts['insert'], 2, 'it was written')
  t.strictSame(await app.keyAuth.list(userId), [])
})
