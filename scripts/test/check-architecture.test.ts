import { readFileSync } from 'node:fs'
import t from 'tap'
import { check, readWorkspace, table, type Manifest, type Package } from '../check-architecture.ts'
import { parseImports } from '../parse-imports.ts'
import { findCode, findRows } from '../markdown.ts'

/** What each package of the workspace declares, so that each case breaks one rule only. */
const declared: Record<string, Omit<Manifest, 'name'>> = {
  credentials: { dependencies: { valibot: '*' }, peerDependencies: { kysely: '*' } },
  logins: {
    dependencies: { valibot: '*' },
    peerDependencies: { ioredis: '*' },
    devDependencies: { libsql: '*', '@drawbridge/test-support': '*' }
  },
  carrier: {
    dependencies: { valibot: '*', ajv: '*', '@fastify/error': '*' },
    peerDependencies: { fastify: '*' }
  },
  'session-auth': {
    dependencies: { '@drawbridge/carrier': '*', '@drawbridge/logins': '*', '@fastify/session': '*' },
    devDependencies: { '@drawbridge/credentials': '*' },
    peerDependencies: { fastify: '*' }
  },
  'token-auth': {
    dependencies: { '@drawbridge/carrier': '*', '@drawbridge/logins': '*', '@fastify/jwt': '*' }
  },
  bridge: { peerDependencies: { '@drawbridge/session-auth': '*', '@drawbridge/token-auth': '*' } }
}

function createPackage(name: string, path: string, text: string, more: Omit<Manifest, 'name'> = {}): Package {
  const manifest = { name: `@drawbridge/${name}`, ...declared[name], ...more }
  return { dir: `packages/${name}`, manifest, files: [{ path, imports: parseImports(text) }] }
}

function createApp(text: string, dependencies: Record<string, string> = {}): Package {
  const files = [{ path: 'src/app.ts', imports: parseImports(text) }]
  return { dir: 'apps/demo', manifest: { name: 'demo', dependencies }, files }
}

const verdict = (name: string, path: string, text: string) => check([createPackage(name, path, text)])

t.test('every form of import is found, with its line and whether it is types only', async (t) => {
  const ways: [string, boolean][] = [
    [`import x from 'x'`, false],
    [`import 'x'`, false],
    [`import { type A } from 'x'`, false],
    [`import type { A } from 'x'`, true],
    [`import type A = require('x')`, false],
    [`export { x } from 'x'`, false],
    [`export * from 'x'`, false],
    [`export type { A } from 'x'`, true],
    [`const x = await import('x')`, false],
    ['const x = await import(`x`)', false],
    [`const x = require('x')`, false],
    [`type A = import('x').A`, true],
    [`declare module 'x' { interface A { b: 1 } }`, true],
    [`/// <reference types="x" />`, true]
  ]
  for (const [text, typesOnly] of ways) {
    t.match(parseImports(`\n${text}\n`), [{ specifier: 'x', typesOnly }], text)
  }
  t.same(
    parseImports(`import a from 'a'\n\nimport b from 'b'`).map((edge) => edge.line),
    [1, 3]
  )
  t.same(parseImports(`// import x from 'x'\nconst s = "import 'x'"\nimport.meta.url\n`), [])
})

t.test('an import that the table does not allow is reported with its file, specifier and rule', async (t) => {
  const cases: [string, string, string, RegExp][] = [
    [
      'session-auth',
      'src/a.ts',
      `import type { A } from '@drawbridge/token-auth'`,
      /may import @drawbridge\/options, @drawbridge\/logins, @drawbridge\/carrier$/
    ],
    [
      'token-auth',
      'src/a.ts',
      `import { a } from '@drawbridge/session-auth'`,
      /of ours @drawbridge\/token-auth/
    ],
    ['logins', 'src/a.ts', `import { a } from '@drawbridge/credentials'`, /may import @drawbridge\/options$/],
    ['options', 'src/a.ts', `import { a } from '@drawbridge/logins'`, /may import nothing/],
    [
      'token-auth',
      'src/a.ts',
      `import type { A } from '@drawbridge/credentials'`,
      /of ours @drawbridge\/token/
    ],
    [
      'token-auth',
      'src/a.ts',
      `import createError from '@fastify/error'`,
      /the table has no @fastify\/error/
    ],
    [
      'credentials',
      'src/a.ts',
      `export * from '@drawbridge/logins/testing'`,
      /may import @drawbridge\/options$/
    ],
    [
      'bridge',
      'src/a.ts',
      `import { a } from '@drawbridge/credentials'`,
      /may import @drawbridge\/options, @drawbridge\/logins, @drawbridge\/carrier$/
    ],
    [
      'bridge',
      'src/a.ts',
      `import type { A } from '@drawbridge/session-auth'`,
      /may import @drawbridge\/options, @drawbridge\/logins, @drawbridge\/carrier$/
    ],
    ['logins', 'src/a.ts', `import { a } from '@drawbridge/logins'`, /may import @drawbridge\/options$/],
    ['logins', 'src/a.ts', `import { a } from 'demo'`, /the table has no demo/],
    ['logins', 'src/a.ts', `import { a } from 'express'`, /the table has no express/],
    ['logins', 'src/a.ts', `const a = await import(name)`, /imports import\(name\): the table has no/],
    ['logins', 'src/redis/a.ts', `import { Redis } from 'ioredis'`, /of ioredis only types/],
    ['logins', 'src/redis/a.ts', `import { type Redis } from 'ioredis'`, /of ioredis only types/],
    ['logins', 'src/redis-a.ts', `import type { Redis } from 'ioredis'`, /ioredis is for src\/redis only/],
    ['logins', 'src/a.ts', `import type { A } from 'fastify'`, /the table has no fastify/],
    ['logins', 'src/a.ts', `import { a } from '@drawbridge/carrier'`, /may import @drawbridge\/options$/],
    [
      'logins',
      'src/a.ts',
      `import { a } from '@drawbridge/test-support/clock'`,
      /may import @drawbridge\/options$/
    ],
    [
      'carrier',
      'src/a.ts',
      `import { a } from '@drawbridge/session-auth'`,
      /may import @drawbridge\/options, @drawbridge\/logins$/
    ],
    ['carrier', 'src/a.ts', `import fastify from 'fastify'`, /of fastify only types/],
    ['bridge', 'src/a.ts', `import { a } from '@drawbridge/session-auth/testing'`, /may import/],
    ['credentials', 'src/a.ts', `import type { IncomingMessage } from 'node:http'`, /must not use node:http/]
  ]
  for (const [name, path, text, rule] of cases) {
    const [line, ...others] = verdict(name, path, text)
    t.match(line, rule, text)
    t.ok(line?.startsWith(`packages/${name}/${path}:1: imports `), 'starts with file and edge')
    t.same(others, [], 'reported once')
  }
})

t.test('an import that the table allows passes', async (t) => {
  t.same(verdict('session-auth', 'src/a.ts', `import type { A } from '@drawbridge/carrier'`), [])
  t.same(verdict('carrier', 'src/a.ts', `import { Ajv } from 'ajv'\nimport type { A } from 'fastify'`), [])
  t.same(verdict('logins', 'src/redis/a.ts', `import type { Redis } from 'ioredis'`), [])
  t.same(
    verdict('logins', 'src/a.ts', `import { a } from 'node:crypto'\nimport { b } from 'node:sqlite'`),
    []
  )
  t.same(verdict('logins', 'src/stores/a.ts', `import { a } from '../login.ts'`), [])
})

t.test('relative imports stay in src of their package', async (t) => {
  const rule = /stays inside packages\/logins\/src/
  t.match(verdict('logins', 'src/a.ts', `import { a } from '../../credentials/src/a.ts'`), [rule])
  t.match(verdict('logins', 'src/a.ts', `import { a } from '../test/a.ts'`), [rule])
  t.match(verdict('logins', 'src/a.ts', `import a from '/etc/a.js'`), [rule])
})

t.test('imports go in one direction: index, plugin, routes, the rest', async (t) => {
  t.match(verdict('logins', 'src/a.ts', `import { a } from './index.ts'`), [/nothing inside imports it/])
  t.match(verdict('token-auth', 'src/bearer.ts', `import { a } from './plugin.ts'`), [
    /only index\.ts imports plugin/
  ])
  t.match(verdict('token-auth', 'src/bearer.ts', `import { a } from './routes/login.ts'`), [/import routes/])
  t.same(verdict('token-auth', 'src/index.ts', `import { a } from './plugin.ts'`), [])
  t.same(verdict('token-auth', 'src/plugin.ts', `import { a } from './routes/index.ts'`), [])
  t.same(verdict('token-auth', 'src/routes/login.ts', `import { a } from './answer.ts'`), [])
})

t.test('a cycle of imports is an error, also one of types only', async (t) => {
  const files = (texts: Readonly<Record<string, string>>): Package => ({
    ...createPackage('logins', 'src/a.ts', ''),
    files: Object.entries(texts).map(([path, text]) => ({ path, imports: parseImports(text) }))
  })
  const a = `import { b } from './deep/b.ts'`
  const b = `import type { C } from '../c.ts'`
  const c = `import type { B } from './deep/b.ts'`
  t.same(check([files({ 'src/a.ts': a, 'src/deep/b.ts': b, 'src/c.ts': c })]), [
    'packages/logins: a cycle of imports: src/deep/b.ts → src/c.ts → src/deep/b.ts'
  ])
  t.match(check([files({ 'src/a.ts': `import type { A } from './a.ts'` })]), [/src\/a.ts → src\/a.ts/])
  const shared = `import { c } from './c.ts'\nimport { b } from './deep/b.ts'`
  t.same(
    check([files({ 'src/a.ts': shared, 'src/deep/b.ts': b, 'src/c.ts': '' })]),
    [],
    'two ways to one file'
  )
})

t.test('a driver imports its interface, no other driver and none of its users', async (t) => {
  const from = 'src/stores/memory-login-store.ts'
  t.match(verdict('logins', from, `import { a } from './sql-login-store.ts'`), [/imports no sql driver/])
  t.match(verdict('logins', from, `import { a } from '../create-logins.ts'`), [/not its users/])
  t.same(verdict('logins', from, `import { a } from './login-store.ts'\nimport { b } from '../login.ts'`), [])
  t.same(verdict('logins', 'src/stores/redis-a.ts', `import { a } from './redis-b.ts'`), [])
})

t.test('an import must be declared, and a devDependency is not enough', async (t) => {
  const undeclared = createPackage('token-auth', 'src/a.ts', `import fp from 'fastify-plugin'`)
  t.match(check([undeclared]), [/fastify-plugin is not among its dependencies/])
  const dev = createPackage('token-auth', 'src/a.ts', `import fp from 'fastify-plugin'`, {
    devDependencies: { 'fastify-plugin': '*' }
  })
  t.match(check([dev]), [/fastify-plugin is not among its dependencies/])
})

t.test('a package.json declares no more than the table allows', async (t) => {
  for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']) {
    const wrong = createPackage('session-auth', 'src/a.ts', '', {
      [field]: { '@drawbridge/token-auth': '*' }
    })
    t.match(
      check([wrong]),
      [/packages\/session-auth\/package\.json: depends on @drawbridge\/token-auth/],
      field
    )
  }
  const foreign = createPackage('logins', 'src/a.ts', '', { dependencies: { express: '*' } })
  t.match(check([foreign]), [/depends on express: the table has no express/])
  t.same(check([createPackage('logins', 'src/a.ts', '', { devDependencies: { express: '*' } })]), [])
  const shipped = { dependencies: { '@drawbridge/credentials': '*' } }
  t.match(check([createPackage('token-auth', 'src/a.ts', '', shipped)]), [
    /depends on @drawbridge\/credentials/
  ])
})

t.test('what the service registers beside a package is its peer, and does not come with it', async (t) => {
  for (const field of ['peerDependencies', 'devDependencies'])
    t.same(
      check([createPackage('bridge', 'src/a.ts', '', { [field]: { '@drawbridge/token-auth': '*' } })]),
      []
    )
  for (const field of ['dependencies', 'optionalDependencies']) {
    const wrong = createPackage('bridge', 'src/a.ts', '', { [field]: { '@drawbridge/token-auth': '*' } })
    t.match(check([wrong]), [/packages\/bridge\/package\.json: depends on @drawbridge\/token-auth/], field)
  }
})

t.test('a package that is not in the table is an error', async (t) => {
  t.match(verdict('helpers', 'src/a.ts', ''), [/no row for @drawbridge\/helpers/])
})

t.test('an app may import every package and all its declared dependencies', async (t) => {
  const all = { '@drawbridge/bridge': '*', express: '*' }
  t.same(
    check([createApp(`import a from '@drawbridge/bridge'\nimport b from 'express'\nimport '../x.ts'`, all)]),
    []
  )
  t.match(check([createApp(`import b from 'express'`)]), [/express is not among/])
  t.match(check([createApp(`import b from '../../../packages/logins/src/a.ts'`)]), [
    /stays inside apps\/demo/
  ])
  const both = [createApp(`import b from 'demo'`, { demo: '*' })]
  t.match(check(both), [/an app imports packages, not demo/])
})

t.test('the files are read from packages/*/src and apps/*/src', async (t) => {
  const root = t.testdir({
    packages: {
      logins: {
        'package.json': '{"name":"@drawbridge/logins"}',
        src: { 'a.ts': '', deep: { 'b.ts': `\nimport 'express'` }, 'notes.md': `import 'nothing'` },
        test: { 'a.test.ts': `import 'tap'` }
      },
      'not-a-package': { 'README.md': '' }
    },
    apps: { demo: { 'package.json': '{"name":"demo"}' } }
  })
  const packages = readWorkspace(root)
  t.same(
    packages.map((pkg) => [pkg.dir, pkg.files.map((file) => file.path)]),
    [
      ['packages/logins', ['src/a.ts', 'src/deep/b.ts']],
      ['apps/demo', []]
    ]
  )
  t.match(check(packages), ['packages/logins/src/deep/b.ts:2: imports express: the table has no express'])
})

t.test('L21: the table allows nothing unused, and ARCHITECTURE.md has the same table', async (t) => {
  const drawnArrows = new Map(
    findRows(readFileSync('ARCHITECTURE.md', 'utf8'), 'Packages').map(
      ([name = '', ours = '', outside = '']) => [
        findCode(name)[0],
        { ours: ours === 'nothing' ? [] : ours.split(', ').map((each) => `@drawbridge/${each}`), outside }
      ]
    )
  )
  for (const { dir, manifest, files } of readWorkspace('.').filter((pkg) =>
    pkg.dir.startsWith('packages/')
  )) {
    const specifiers = files.flatMap((file) => file.imports.map((edge) => edge.specifier))
    const isUsed = (name: string) => specifiers.some((each) => each === name || each.startsWith(`${name}/`))
    const { workspace, external } = table[manifest.name] ?? { workspace: [], external: [] }
    const unused = [...workspace, ...external.map(({ name }) => name)].filter((name) => !isUsed(name))
    t.same(unused, [], `${dir} uses everything that it may import`)
    t.same(new Set(drawnArrows.get(manifest.name)?.ours), new Set(workspace), manifest.name)
    const scoped = external.map(({ name }) => name).filter((name) => name.startsWith('@fastify/'))
    t.same(
      findCode(drawnArrows.get(manifest.name)?.outside ?? '')
        .filter((name) => name.startsWith('@fastify/'))
        .toSorted(),
      scoped.toSorted(),
      manifest.name
    )
  }
})

t.test('the workspace itself follows the table', async (t) => {
  const packages = readWorkspace(process.cwd())
  t.ok(packages.some((pkg) => pkg.files.some((file) => file.imports.length > 0)))
  t.same(check(packages), [])
})
