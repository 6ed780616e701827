import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseLockfile } from '../locked-versions.ts'
import { findCode, findRows } from '../markdown.ts'

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
  'packages/carrier',
  'packages/session-auth',
  'packages/token-auth',
  'packages/key-auth',
  'packages/verifier',
  'packages/back-channel-logout',
  'packages/bridge',
  'packages/account',
  'packages/telemetry',
  'apps/demo',
  'examples/sign-ins'
]
const doc = readFileSync('docs/dependencies.md', 'utf8')
const locked = parseLockfile(readFileSync('pnpm-lock.yaml', 'utf8'))

const read = (folder: string) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest

const findNames = (heading: string) =>
  findRows(doc, heading).map(([first = '']) => findCode(first)[0] ?? first)

function readDependencies(folder: string): string[] {
  const { dependencies, peerDependencies } = read(folder)
  return Object.keys({ ...dependencies, ...peerDependencies }).filter(
    (name) => !name.startsWith('@drawbridge/')
  )
}

for (const folder of FOLDERS) {
  t.test(`the document has exactly the dependencies of ${folder}`, async (t) => {
    const needed = readDependencies(folder)
    t.ok(needed.length > 0)
    t.same(findNames(read(folder).name).toSorted(), needed.toSorted())
  })
}

t.test('each dependency is in the last table once, with version and licence', async (t) => {
  const needed = new Set(FOLDERS.flatMap(readDependencies))
  t.same(findNames('What they are').toSorted(), [...needed].toSorted())
  for (const [first = '', version, released, licence] of findRows(doc, 'What they are')) {
    const name = findCode(first)[0] as string
    const folder = FOLDERS.find((each) => readDependencies(each).includes(name))
    const installed = read(`${folder}/node_modules/${name}`)
    t.same(version?.split(', '), locked.get(name), `${name}: the versions of the lockfile`)
    t.equal(licence, installed.license, `${name}: its licence`)
    t.match(released, /^20\d\d-\d\d-\d\d$/)
  }
})
