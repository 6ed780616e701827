import { describeErrors } from '@drawbridge/bridge'
import swagger from '@fastify/swagger'
import { lintOpenApi } from '@drawbridge/test-support/lint-open-api'
import t from 'tap'
import { startService } from './start-service.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, unknown>>
}

t.test('every route is in the document, with its responses', async (t) => {
  const { nodes } = await startService(t, 'memory', {
    before: async (app) => {
      await app.register(swagger, {
        openapi: { openapi: '3.1.0', info: { title: 'account', version: '1' } },
        transformObject: describeErrors()
      })
    }
  })
  const [{ app }] = nodes
  const document = app.swagger() as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>> | undefined>>
  }
  t.same(await lintOpenApi(document), [])
  const describe = (path: string, method: string) => {
    const operation = document.paths[path]?.[method]
    if (operation === undefined) throw new Error(`${method} ${path} is not in the document`)
    const { operationId, security = [], responses, tags } = operation
    return { operationId, tags, isGuarded: security.length === 2, statuses: Object.keys(responses) }
  }
  const tags = ['account']
  const visitor = { tags, isGuarded: false }
  const user = { tags, isGuarded: true }
  t.match(describe('/account/logins', 'get'), {
    ...user,
    operationId: 'listLogins',
    statuses: ['200', '400', '401', '403', '503']
  })
  t.match(describe('/account/logins/{id}', 'delete'), {
    ...user,
    operationId: 'revokeLogin',
    statuses: ['204', '400', '401', '403', '404', '503']
  })
  t.match(describe('/account/logins/revoke-others', 'post'), { ...user, operationId: 'revokeOtherLogins' })
  t.match(describe('/account/password', 'post'), {
    ...user,
    operationId: 'changePassword',
    statuses: ['200', '400', '401', '403', '413', '415', '429', '503']
  })
  t.match(describe('/account/reauthenticate', 'post'), { ...user, operationId: 'reauthenticate' })
  t.match(describe('/account/tokens', 'get'), {
    ...user,
    operationId: 'listPersonalAccessTokens',
    statuses: ['200', '400', '401', '403', '503']
  })
  t.match(describe('/account/tokens', 'post'), {
    ...user,
    operationId: 'createPersonalAccessToken',
    statuses: ['201', '400', '401', '403', '409', '413', '415', '503']
  })
  t.match(describe('/account/tokens/{id}', 'delete'), {
    ...user,
    operationId: 'revokePersonalAccessToken',
    statuses: ['204', '400', '401', '403', '404', '503']
  })
  t.match(describe('/account', 'delete'), { ...user, operationId: 'deleteAccount' })
  t.match(describe('/account/register', 'post'), {
    ...visitor,
    operationId: 'register',
    statuses: ['201', '202', '400', '409', '413', '415', '429', '503']
  })
  t.match(describe('/account/password/forgot', 'post'), {
    ...visitor,
    operationId: 'forgotPassword',
    statuses: ['202', '400', '413', '415', '429', '503']
  })
  t.match(describe('/account/password/reset', 'post'), {
    ...visitor,
    operationId: 'resetPassword',
    statuses: ['200', '400', '413', '415', '429', '503']
  })
  t.match(describe('/account/verify', 'post'), { ...visitor, operationId: 'verify' })
})
