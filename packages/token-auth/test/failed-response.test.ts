import { testFailedResponses } from '@drawbridge/test-support/carriers/failed-responses'
import t from 'tap'
import { token } from './carrier-under-test.ts'
import { makeApp } from './make-app.ts'

testFailedResponses(token)

t.test('where a route of the service fails after issueTokens, the login is taken back', async (t) => {
  const { app, storeSpy } = await makeApp()
  const user = { id: 'ada-1', username: 'ada' }
  let isFailing = true
  app.post('/enter', async (request, reply) => {
    const tokens = await app.tokenAuth.issueTokens(request, { user })
    if (isFailing) throw new Error('the audit log is down')
    return reply.code(500).send(tokens)
  })
  const enter = async () => (await app.inject({ method: 'POST', url: '/enter' })).statusCode
  const count = async () => (await storeSpy.store.listByUser(user.id)).length
  t.equal(await enter(), 500)
  t.equal(await count(), 0)
  isFailing = false
  t.equal(await enter(), 500)
  t.equal(await count(), 1, 'a status that the route itself sends is no failure')
})
