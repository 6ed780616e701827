import t from 'tap'
import { parseBlocks, parseContexts, mapToDocuments, buildModules } from '../docs/blocks.ts'

const markdown = `# A document

<!-- example: with app, db; run cart -->

\`\`\`ts
import x from 'x'
const one = x(app)
export function two() {}
\`\`\`

\`\`\`ts
async function three() {}
\`\`\`

<!-- example: with db; continues; run by a/test.ts -->

\`\`\`ts
one(db)
\`\`\`

<!-- example: not run: it needs a server -->

\`\`\`sh
pnpm dev
\`\`\`

\`\`\`
a drawing
\`\`\`
`

t.test('blocks are found with their position, language and directives', async (t) => {
  const none = { with: [], continues: false, run: null, runBy: null, notRun: null }
  t.match(parseBlocks('a.md', markdown), [
    { file: 'a.md', line: 6, language: 'ts', directives: { ...none, with: ['app', 'db'], run: 'cart' } },
    { line: 12, language: 'ts', text: 'async function three() {}\n', directives: none },
    { line: 18, directives: { ...none, with: ['db'], continues: true, runBy: 'a/test.ts' } },
    { line: 24, language: 'sh', directives: { ...none, notRun: 'it needs a server' } },
    { line: 28, language: '', text: 'a drawing\n', directives: none }
  ])
})

t.test('an unknown directive is an error that names it', async (t) => {
  const misspelt = '<!-- example: wiht app -->\n\n```ts\n```\n'
  t.throws(() => parseBlocks('a.md', misspelt), {
    message: 'a.md: unknown directive of an example: "wiht app"'
  })
})

t.test(
  'each TypeScript block is a module that imports its context and exports all its declarations',
  async (t) => {
    const [first, second, third, ...more] = buildModules(parseBlocks('a.md', markdown))
    t.equal(
      first?.text,
      "import { app } from './with/app.js'\nimport { db } from './with/db.js'\n" +
        "import x from 'x'\nconst one = x(app)\nexport function two() {}\nexport { app, db, one }"
    )
    t.equal(second?.text, 'async function three() {}\nexport { three }')
    t.equal(
      third?.text,
      `async function three() {}\none(db)\nexport { three, db }`.replace(
        /^/,
        "import { db } from './with/db.js'\n"
      )
    )
    t.same(more, [])
  }
)

t.test('a block that continues another includes it, and imports nothing twice', async (t) => {
  const two =
    '<!-- example: with db -->\n\n```ts\nconst a = db\n```\n\n<!-- example: with db; continues -->\n\n```ts\na(db)\n```\n'
  const [, second] = buildModules(parseBlocks('a.md', two))
  t.equal(second?.text, "import { db } from './with/db.js'\nconst a = db\na(db)\nexport { db, a }")
  const alone = '<!-- example: continues -->\n\n```ts\n```\n'
  t.throws(() => buildModules(parseBlocks('a.md', alone)), {
    message: 'a.md:4: there is no block to continue'
  })
})

t.test('errors of the compiler name the line of the document', async (t) => {
  const modules = buildModules(parseBlocks('a.md', markdown))
  t.equal(mapToDocuments('docs/a-md-6.ts(4,7): error TS1', modules), 'a.md:7: error TS1')
  t.equal(
    mapToDocuments('docs/a-md-6.ts:1:9 - error', modules),
    'a.md:6 - error',
    'a line that is not of the document: the first line of the block'
  )
  t.equal(mapToDocuments('docs/other.ts(4,7)', modules), 'docs/other.ts(4,7)')
})

t.test('contexts are read by their headings', async (t) => {
  const contexts = parseContexts(
    '# C\n\n## app\n\n```ts\nexport const app = 1\n```\n\n## db\n\n```ts\nexport const db = 2\n```\n'
  )
  t.same(
    [...contexts],
    [
      ['app', 'export const app = 1\n'],
      ['db', 'export const db = 2\n']
    ]
  )
})
