import { Ajv, type AnySchema } from 'ajv'
import t from 'tap'
import { sendRejected } from './rejected-requests.ts'
import type { Received } from './send.ts'
import { createService } from './service.ts'

interface MediaType {
  readonly schema: AnySchema
  readonly examples: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>
}

/** Each error of the document, as `POST /path 401 CODE`. */
function listDocumented({ paths }: Document): readonly string[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        Object.keys(content?.['application/json']?.examples ?? {}).map(
          (code) => `${method.toUpperCase()} ${path} ${status} ${code}`
        )
      )
    )
  )
}

/** Of these the message says what is wrong. */
const HAS_DETAIL = new Set(['FST_ERR_VALIDATION', 'DRAWBRIDGE_MALFORMED_CREDENTIALS'])

t.test(
  'every error that a route sends is in the document, with its schema and an example, and no other',
  async (t) => {
    const service = await createService()
    t.teardown(() => service.app.close())
    const document = service.app.swagger() as unknown as Document
    const ajv = new Ajv({
      schemas: Object.entries(document.components.schemas).map(([name, schema]) => ({
        $id: `#/components/schemas/${name}`,
        ...schema
      }))
    })
    const sent = new Set<string>()
    const check = (route: string, code: string, { statusCode, body }: Received) => {
      const [method = '', path = ''] = route.toLowerCase().split(' ')
      const { schema, examples } =
        document.paths[path]?.[method]?.responses[statusCode]?.content?.['application/json'] ?? {}
      const name = `${route} ${statusCode} ${code}`
      sent.add(name)
      t.equal(body['code'], code, name)
      if (!t.ok(schema && ajv.validate(schema, body), `${name} matches its schema`)) return
      const example = examples?.[code]?.value
      const { message } = HAS_DETAIL.has(code) ? body : (example ?? {})
      t.strictSame({ ...example, message }, body, `${name} has an example`)
    }
    await sendRejected(service, check)
    t.strictSame([...sent].toSorted(), listDocumented(document).toSorted())
  }
)
