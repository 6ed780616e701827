import { readFileSync } from 'node:fs'
import t from 'tap'
import { errorCatalogue } from '../../packages/carrier/src/open-api/error-catalogue.ts'
import { listFiles } from '../list-files.ts'

/** Without the padding of tables. */
const docs = readFileSync('docs/errors.md', 'utf8').replaceAll(/ {2,}/g, ' ')
const sources = listFiles(/^packages\/[^/]+\/src\/.*\.ts$/)
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** Every `…('DRAWBRIDGE_X', 'message', status` in the sources, which creates each error of a response. */
const documentedErrors = [...sources.matchAll(/\w+\(\s*'(DRAWBRIDGE_\w+)',\s*'([^']+)',\s*(\d{3})/g)].map(
  ([, code, message, status]) => ({ code, message, status })
)

t.test('every error response is in the table with its status and message', async (t) => {
  t.ok(documentedErrors.length >= 10, 'the pattern finds them')
  for (const { code, message, status } of documentedErrors) {
    t.ok(docs.includes(`| \`${code}\` | ${status} | ${message} |`), `${code} ${status} ${message}`)
  }
})

t.test('the documents have exactly the codes in the sources', async (t) => {
  const findCodes = (text: string) => [...new Set(text.match(/DRAWBRIDGE_[A-Z_]+/g) ?? [])].sort()
  const variables = new Set(['DRAWBRIDGE_SECRET'])
  t.same(
    findCodes(docs),
    findCodes(sources).filter((code) => !variables.has(code))
  )
})

t.test('each error response is created in one place', async (t) => {
  t.equal(new Set(documentedErrors.map(({ code }) => code)).size, documentedErrors.length)
})

t.test(
  'OpenAPI documents can describe each error that clients get, with its status and message',
  async (t) => {
    const described = new Map<string, { readonly statusCode: number; readonly message: string }>(
      Object.entries(errorCatalogue)
    )
    for (const { code = '', message, status } of documentedErrors) {
      if (status === '500') continue
      t.equal(described.get(code)?.statusCode, Number(status), code)
      // Of `%s` each message says what is wrong.
      if (message !== '%s') t.equal(described.get(code)?.message, message, code)
    }
    const created = new Set([...sources.matchAll(/Error(?:<.*>)?\(\s*'(\w+)'/g)].map(([, code]) => code))
    for (const code of described.keys())
      t.ok(
        created.has(code) || /^FST_|_UNAVAILABLE$/.test(code),
        `${code} is an error of ours, or of Fastify`
      )
  }
)
