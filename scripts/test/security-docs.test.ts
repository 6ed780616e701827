// Every test that docs/security cites as evidence exists under that title.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listFiles } from '../list-files.ts'
import { findCode, type Row, findRows, tableRows } from '../markdown.ts'
import { parseTexts } from '../parse-texts.ts'

const FOLDER = 'docs/security'
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const [asvs, attacks, threats] = [read('asvs.md'), read('attacks.md'), read('threat-model.md')] as const

/** The ranges of ids per letter. */
const CATALOGUE: Readonly<Record<string, ReadonlyArray<readonly [first: number, last: number]>>> = {
  J: [
    [1, 14],
    [20, 27],
    [30, 47],
    [50, 84]
  ],
  K: [[1, 22]],
  S: [[1, 26]],
  R: [[1, 28]],
  Y: [[1, 17]],
  X: [[1, 21]],
  B: [[1, 13]],
  P: [[1, 9]],
  U: [[1, 6]],
  C: [[1, 27]],
  T: [[1, 17]],
  E: [[1, 12]],
  A: [[1, 21]],
  L: [[1, 10]],
  V: [[1, 13]],
  G: [[1, 8]],
  O: [[1, 5]],
  F: [[1, 23]]
}

const REASON = /^(?:does not apply|not there yet|the service's own): ./

const catalogueIds = Object.entries(CATALOGUE).flatMap(([letter, runs]) =>
  runs.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, at) => {
      const number = String(first + at)
      return letter + (letter === 'F' ? number : number.padStart(2, '0'))
    })
  )
)

const attackRows = tableRows(attacks)
const testsById = new Map(attackRows.map(([id = '', , , tests = '']) => [id, tests]))

t.test('every attack of the catalogue has exactly one row', async (t) => {
  const ids = attackRows.map(([id]) => id)
  t.same(new Set(ids), new Set([...catalogueIds, 'P07b']))
  t.equal(ids.length, new Set(ids).size)
  for (const row of attackRows) t.ok(row.length === 4 && row.every((cell) => cell !== ''), row.join(' | '))
})

t.test('each has a test with its id in a text, or a reason for having none', async (t) => {
  const tests = everyTest()
  const withTest = (id: string) =>
    tests.find(([, texts]) => texts.some((text) => text.startsWith(`${id} `)))?.[0]
  const faults = [...testsById].flatMap(([id, cell]) => {
    if (REASON.test(cell))
      return withTest(id) === undefined ? [] : [`${id}: there is a test, ${withTest(id)}`]
    const without = findCode(cell).filter((file) => !readTexts(file).some((text) => isIn(id, text)))
    if (findCode(cell).length === 0) return [`${id}: no test and no reason`]
    return without.map((file) => `${id}: not in ${file}`)
  })
  t.same(faults, [])
})

t.test('every requirement of V6, V7 and V9, and of V3 on cookies and other sites, has its row', async (t) => {
  const CHAPTERS: Readonly<Record<string, readonly number[]>> = {
    'V6 Authentication': [3, 12, 8, 6, 8, 4, 2, 4],
    'V7 Session management': [3, 4, 2, 5, 3, 2],
    'V9 Self-contained tokens': [3, 4]
  }
  for (const [heading, sections] of Object.entries(CHAPTERS)) {
    const chapter = heading.slice(1, 2)
    const ids = sections.flatMap((count, at) =>
      Array.from({ length: count }, (_, item) => `${chapter}.${at + 1}.${item + 1}`)
    )
    t.same(
      findRows(asvs, heading).flatMap(([cell = '']) => expandIds(cell)),
      ids,
      heading
    )
  }
  const countPages = findRows(asvs, 'V3 Cookies, headers, other sites').map(([id]) => id)
  for (const [section, count] of [
    [3, 5],
    [4, 8],
    [5, 8]
  ] as const) {
    for (let item = 1; item <= count; item += 1)
      t.ok(countPages.includes(`3.${section}.${item}`), `3.${section}.${item}`)
  }
})

const evidence = [
  ...[
    'V6 Authentication',
    'V7 Session management',
    'V9 Self-contained tokens',
    'V3 Cookies, headers, other sites',
    'Neighbours'
  ]
    .flatMap((heading) => findRows(asvs, heading))
    .map((row) => [`asvs.md ${row[0]}`, row] as const),
  ...tableRows(threats)
    .filter(([, , last = '']) => /^`|^[A-Z]\d/.test(last))
    .map((row) => [`threat-model.md ${row[0]}`, row] as const)
]

t.test('each piece of evidence is an existing test, an attack with a test, or a reason', async (t) => {
  t.ok(evidence.length > 120, `${evidence.length} rows`)
  t.same(
    evidence.flatMap(([where, row]) => findFaults(row).map((fault) => `${where}: ${fault}`)),
    []
  )
})

t.test('attacks named in running text have a test', async (t) => {
  const ids = [...threats.matchAll(/\b([JKSRYBPUCTELVGF]\d{1,2}b?)\b/g)].map(([id]) => id)
  t.ok(ids.length > 40)
  for (const id of new Set(ids)) t.ok(hasTest(id), id)
})

t.test('the file of every link exists', async (t) => {
  for (const name of readdirSync(FOLDER)) {
    for (const [, link = ''] of read(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      t.ok(existsSync(join(FOLDER, link)), `${name}: ${link}`)
    }
  }
})

function findFaults(row: Row): string[] {
  const reference = row.at(-1) ?? ''
  if (REASON.test(reference)) return []
  return reference
    .split(';')
    .map((part) => part.trim())
    .flatMap(findFault)
}

function findFault(part: string): string[] {
  const [, file, name] = /^`([^`]+)` (.+)$/.exec(part) ?? []
  if (file !== undefined && name !== undefined) {
    return readTexts(file).some((text) => text.includes(name)) ? [] : [`no test "${name}" in ${file}`]
  }
  return part
    .split(', ')
    .filter((id) => !hasTest(id))
    .map((id) => `no attack "${id}" with a test`)
}

function hasTest(id: string): boolean {
  const cell = testsById.get(id)
  return cell !== undefined && findCode(cell).length > 0 && !REASON.test(cell)
}

/** Expands ranges: `6.5.1 to 6.5.8` is eight ids. */
function expandIds(cell: string): string[] {
  const [first = '', last = first] = cell.split(' to ')
  const section = first.slice(0, first.lastIndexOf('.') + 1)
  const [from, to] = [first, last].map((id) => Number(id.slice(section.length))) as [number, number]
  return Array.from({ length: to - from + 1 }, (_, at) => `${section}${from + at}`)
}

/** Matches whole words: `F1` is not in `F12`. */
function isIn(id: string, text: string): boolean {
  return new RegExp(`\\b${id}\\b`).test(text)
}

/** The path of `token-auth/refresh/rotate`. */
function resolvePath(name: string): string {
  const [first = '', ...rest] = name.split('/')
  const folders: Readonly<Record<string, string>> = {
    demo: 'apps/demo',
    'beside-other-plugins': 'apps/beside-other-plugins',
    'sign-ins': 'examples/sign-ins',
    scripts: 'scripts'
  }
  const folder = folders[first] ?? `packages/${first}`
  return `${folder}/test/${rest.join('/')}.test.ts`
}

const cache = new Map<string, readonly string[]>()

function readTexts(name: string): readonly string[] {
  const path = resolvePath(name)
  const known = cache.get(path)
  if (known !== undefined) return known
  const texts = existsSync(path) ? parseTexts(readFileSync(path, 'utf8')) : []
  cache.set(path, texts)
  return texts
}

function everyTest(): Array<readonly [path: string, texts: readonly string[]]> {
  return listFiles(/^(packages|apps)\/[^/]+\/test\/.*\.test\.ts$/).map((path) => [
    path,
    parseTexts(readFileSync(path, 'utf8'))
  ])
}
