import { readFileSync } from 'node:fs'
import t from 'tap'
import { listFiles } from '../list-files.ts'

/** Without what the formatter puts in to line up the columns of a table. */
const docs = readFileSync('docs/errors.md', 'utf8').replaceAll(/ {2,}/g, ' ')
const sources = listFiles(/^packages\/[^/]+\/src\/.*\.ts$/)
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** Every `…('DRAWBRIDGE_X', 'message', status` in the sources, which is how each error of an answer is made. */
const documentedErrors = [...sources.matchAll(/\w+\(\s*'(DRAWBRIDGE_\w+)',\s*'([^']+)',\s*(\d{3})/g)].map(
  ([, code, message, status]) => ({ code, message, status })
)

t.test('every answer stands in the table with its status and message', async (t) => {
  t.ok(documentedErrors.length >= 10, 'the pattern finds them')
  for (const { code, message, status } of documentedErrors) {
    t.ok(docs.includes(`| \`${code}\` | ${status} | ${message} |`), `${code} ${status} ${message}`)
  }
})

t.test('every code in the sources is in the documents, and no other is', async (t) => {
  const findCodes = (text: string) => [...new Set(text.match(/DRAWBRIDGE_[A-Z_]+/g) ?? [])].sort()
  const variables = new Set(['DRAWBRIDGE_SECRET'])
  t.same(
    findCodes(docs),
    findCodes(sources).filter((code) => !variables.has(code))
  )
})

t.test('an answer is made in one place', async (t) => {
  t.equal(new Set(documentedErrors.map(({ code }) => code)).size, documentedErrors.length)
})
