import { lintOpenApi } from '@drawbridge/test-support/lint-open-api'
import t from 'tap'
import { buildDemo } from './build-demo.ts'

interface Operation {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly responses: object
}

interface Document {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

t.test('the document of the demo is valid, and describes every route', async (t) => {
  const app = await buildDemo(t)
  const response = await app.inject('/docs/json')
  const document = response.json<Document>()
  t.same(await lintOpenApi(document), [])
  const names = document.tags.map(({ name }) => name)
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { operationId, tags = [], security, responses }] of Object.entries(operations)) {
      const route = `${method} ${path}`
      t.ok(operationId, `${route} has an id`)
      t.ok(tags.length === 1 && names.includes(tags[0] as string), `${route} has a tag of the document`)
      t.ok(security, `${route} says who may use it`)
      const isOpen = path.startsWith('/health') || path.endsWith('jwks.json')
      t.equal('400' in responses && '503' in responses, !isOpen, `${route} has its errors`)
    }
  }
  t.match(document.paths['/account/logins/{id}'], {
    delete: { security: [{ session: [] }, { token: [] }], responses: { 401: {}, 403: {}, 404: {} } }
  })
  t.notMatch((await app.inject('/docs/yaml')).body, /x-drawbridge/)
})
