import { readFileSync } from 'node:fs'
import t from 'tap'
import { lockedVersions } from '../locked-versions.ts'
import { codeIn, rowsUnder } from '../markdown.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const FOLDERS = [
  'packages/options',
  'packages/credentials',
  'packages/logins',
  'packages/session-auth',
  'packages/token-auth',
  'apps/demo'
]
const doc = readFileSync('docs/dependencies.md', 'utf8')
const locked = lockedVersions(readFileSync('pnpm-lock.yaml', 'utf8'))

const read = (folder: string) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest

const namesUnder = (heading: string) =>
  rowsUnder(doc, heading).map(([first = '']) => codeIn(first)[0] ?? first)

function dependenciesOf(folder: string): string[] {
  const { dependencies, peerDependencies } = read(folder)
  return Object.keys({ ...dependencies, ...peerDependencies }).filter(
    (name) => !name.startsWith('@drawbridge/')
  )
}

for (const folder of FOLDERS) {
  t.test(`what ${folder} depends on is in the document, and nothing else is`, async (t) => {
    const needed = dependenciesOf(folder)
    t.ok(needed.length > 0)
    t.same(namesUnder(read(folder).name).toSorted(), needed.toSorted())
  })
}

t.test('each dependency is in the last table once, by version and licence', async (t) => {
  const needed = new Set(FOLDERS.flatMap(dependenciesOf))
  t.same(namesUnder('What they are').toSorted(), [...needed].toSorted())
  for (const [first = '', version, released, licence] of rowsUnder(doc, 'What they are')) {
    const name = codeIn(first)[0] as string
    const folder = FOLDERS.find((each) => dependenciesOf(each).includes(name))
    const installed = read(`${folder}/node_modules/${name}`)
    t.same([version], locked.get(name), `${name}: the version of the lockfile`)
    t.equal(licence, installed.license, `${name}: its licence`)
    t.match(released, /^20\d\d-\d\d-\d\d$/)
  }
})
