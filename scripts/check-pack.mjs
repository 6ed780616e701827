// Checks the packages as users get them: packs every public one, lints the tarballs, installs them in an empty
// project, loads and type-checks every exported subpath, and runs the examples of all documents.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { checkDocs } from './docs/check-docs.mjs'

const root = resolve(import.meta.dirname, '..')
const tmp = mkdtempSync(join(tmpdir(), 'drawbridge-pack-'))
const project = join(tmp, 'project')
const tarballDir = join(tmp, 'tarballs')

/** The oldest and the newest TypeScript that our types support. */
const compilers = ['typescript', 'typescript-5']
const installed = ['fastify@5', '@types/node@20', 'typescript@7.0.2', 'typescript-5@npm:typescript@5.9.3']

let failed = 0

/** One check: prints its name and duration, and the output of the tool on failure; later checks still run. */
async function step(name, work) {
  const start = performance.now()
  try {
    const result = await work()
    console.log(`ok: ${name} (${seconds(start)})`)
    return result
  } catch (error) {
    failed += 1
    console.log(`FAILED: ${name} (${seconds(start)})\n${error.message.trim().replace(/^/gm, '    ')}`)
    return undefined
  }
}

const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`

/** Runs a command and returns its output; throws an error with the output where it fails. */
function run(command, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe']
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${stdout}${stderr}`)
  return stdout
}

const bin = (name) => join(root, 'node_modules/.bin', name)
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'))

/** Runs pnpm, in the version of the workspace where none is installed. */
function pnpm(args, cwd) {
  const found = process.env.PATH.split(delimiter).some((dir) => existsSync(join(dir, 'pnpm')))
  if (found) return run('pnpm', args, cwd)
  return run('npx', ['-y', readJson(root, 'package.json').packageManager, ...args], cwd)
}

// --- Packing -----------------------------------------------------------------------------------

function publicPackages() {
  const dirs = readdirSync(join(root, 'packages')).map((dir) => join(root, 'packages', dir))
  return dirs.filter((dir) => existsSync(join(dir, 'package.json')) && !readJson(dir, 'package.json').private)
}

/** A clean build: a file whose source was removed would otherwise still be packed. */
function build(dirs) {
  for (const dir of dirs) rmSync(join(dir, 'dist'), { recursive: true, force: true })
  run(bin('tsc'), ['-b', 'tsconfig.build.json'])
}

function pack(dir) {
  pnpm(['pack', '--pack-destination', tarballDir], dir)
}

function readTarball(path) {
  const files = run('tar', ['-tzf', path])
    .split('\n')
    .filter((file) => file !== '')
  const manifest = JSON.parse(run('tar', ['-xzOf', path, 'package/package.json']))
  return { path, files, manifest, name: manifest.name }
}

/** Checks that publint does not make: files that a release needs, and files and ranges of the workspace only. */
function checkContents({ files, manifest }) {
  const wrong = []
  for (const file of ['package/LICENSE', 'package/README.md']) {
    if (!files.includes(file)) wrong.push(`${file} is missing`)
  }
  for (const file of files) {
    if (/\/test\/|tsbuildinfo|tsconfig/.test(file)) wrong.push(`${file} belongs to the workspace only`)
  }
  const { dependencies, peerDependencies } = manifest
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    if (range.startsWith('workspace:')) wrong.push(`${name} is still ${range}`)
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

// --- Using the tarballs ------------------------------------------------------------------------

/**
 * Installs Fastify and nothing else, so that types of an optional peer are an error.
 * @returns what npm printed.
 */
function install(tarballs) {
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}')
  const names = [...tarballs.map((tarball) => tarball.path), ...installed]
  return run('sh', ['-c', 'npm "$@" 2>&1', 'npm', 'install', '--no-audit', '--no-fund', ...names], project)
}

/** Packages that require a newer Node than ours, by the lock file of npm. */
function checkEngines() {
  const { packages } = readJson(project, 'package-lock.json')
  const isForNewer = ({ engines }) => !/(?:^|[^\d.])(?:\d|1\d|20)(?:\D|$)/.test(engines?.node ?? '0')
  const newer = Object.keys(packages).filter((path) => isForNewer(packages[path]))
  if (newer.join() !== 'node_modules/cookie')
    throw new Error(`docs/guides/production.md names cookie only: ${newer.join()}`)
}

/** A service without Redis needs no client of it: an optional peer is not installed by itself, and not missed. */
function checkNoRedis(printed) {
  const { packages } = readJson(project, 'package-lock.json')
  const found = Object.keys(packages).filter((path) => path.endsWith('node_modules/ioredis'))
  if (found.length > 0) throw new Error('ioredis is installed, though nobody asked for it')
  if (/ioredis|peer/i.test(printed)) throw new Error(`npm asks for a peer:\n${printed}`)
}

/** `@drawbridge/logins/sqlite` and the like: every subpath that loads as code. */
function subpathsOf({ name, manifest }) {
  const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith('.json'))
  return subpaths.map((subpath) => name + subpath.slice(1))
}

const bothWays = (specifier) => ({
  'esm.mjs': `import * as loaded from '${specifier}'\nif (Object.keys(loaded).length === 0) throw new Error('exports nothing')\n`,
  'cjs.cjs': `if (Object.keys(require('${specifier}')).length === 0) throw new Error('exports nothing')\n`
})

function load(specifier) {
  for (const [file, text] of Object.entries(bothWays(specifier))) {
    writeFileSync(join(project, file), text)
    run('node', [file], project)
  }
}

/** Like users, with skipLibCheck off and with imports from both module systems. */
function writeTypeUsers(specifiers) {
  const imports = specifiers.map((specifier, i) => `import * as m${i} from '${specifier}'\nexport { m${i} }`)
  const requires = specifiers.map(
    (specifier, i) => `import m${i} = require('${specifier}')\nexport type T${i} = typeof m${i}`
  )
  writeFileSync(join(project, 'types.ts'), `${imports.join('\n')}\n`)
  writeFileSync(join(project, 'types.cts'), `${requires.join('\n')}\n`)
  writeFileSync(join(project, 'service.ts'), serviceText)
}

/** What the types of a request are in a service, which imports none of the packages that ours depend on. */
const serviceText = `import { bridge } from '@drawbridge/bridge'
import { principalOf, sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'

declare module 'fastify' {
  interface Session {
    cart?: string[]
  }
}

export const app = Fastify()
export const plugins = [bridge, sessionAuth, tokenAuth] as const

app.get('/cart', { onRequest: app.bridge.guard({ redirectTo: '/login' }) }, async (request, reply) => {
  const cart: string[] = request.session.cart ?? []
  // @ts-expect-error: not any
  const wrong: number = request.session.cart
  // @ts-expect-error: a route may have no guard
  const unchecked: string = request.principal.userId
  const userId: string = principalOf(request).userId
  const signIn = await app.sessionAuth.verifyPassword(request, { username: 'ada', password: 'a' })
  await app.sessionAuth.startSession(request, reply, signIn)
  const step = await app.tokenAuth.verifyPassword(request, { username: 'ada', password: 'a', allowSecondFactor: true })
  // @ts-expect-error: the second factor is still to come
  await app.tokenAuth.issueTokens(request, step)
  return { cart, wrong, unchecked, userId }
})
`

const strict = { strict: true, skipLibCheck: false, target: 'es2022', types: ['node'] }
const typeChecks = {
  nodenext: { options: { ...strict, module: 'nodenext', noEmit: true }, files: ['types.ts', 'types.cts'] },
  bundler: {
    options: { ...strict, module: 'esnext', moduleResolution: 'bundler', noEmit: true },
    files: ['types.ts']
  }
}

function compile(compiler, name, compilerOptions, files) {
  const config = join(project, `tsconfig.${name}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  run('node', [`node_modules/${compiler}/bin/tsc`, '-p', config], project)
}

// --- The documents -----------------------------------------------------------------------------

const onlyInDocs = ['@fastify/sse@0.6.0', '@types/ws@8.18.2', 'esbuild@0.28.2', 'otpauth@9.5.2']

/**
 * Installs further imports of the examples, in the versions that the packages are tested with, and those of documents
 * only.
 */
function installForDocs() {
  const besideOthers = readJson(root, 'apps/beside-other-plugins/package.json').devDependencies
  const oldLogins = readJson(root, 'apps/old-logins/package.json').devDependencies
  const tested = {
    ...besideOthers,
    ...oldLogins,
    ...devDependenciesOf('credentials'),
    ...devDependenciesOf('telemetry'),
    ...devDependenciesOf('logins')
  }
  const imported = [
    '@fastify/cookie',
    '@fastify/cors',
    '@fastify/formbody',
    '@fastify/secure-session',
    '@fastify/swagger',
    '@fastify/websocket',
    '@msgpack/msgpack',
    '@opentelemetry/api',
    '@opentelemetry/exporter-prometheus',
    '@opentelemetry/sdk-metrics',
    '@types/keygrip',
    'fastify-type-provider-zod',
    'zod',
    'ioredis',
    'iron-webcrypto',
    'jose',
    'keygrip',
    'kysely',
    'libsql',
    'pg',
    '@types/pg',
    'php-serialize'
  ]
  const names = imported.map((name) => `${name}@${tested[name]}`)
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...names, ...onlyInDocs], project)
}

/** A client of Redis as a service makes it. */
const redisServiceText = `import { createRedisLimiters } from '@drawbridge/credentials/redis'
import {
  checkRedis,
  createRedisFeed,
  createRedisLoginStore,
  createRedisStoreAndFeed
} from '@drawbridge/logins/redis'
import { Cluster, Redis } from 'ioredis'

const one = new Redis({ lazyConnect: true })
const cluster = new Cluster([{ host: '127.0.0.1' }], { lazyConnect: true })
export const checks = [one, cluster].map((redis) => checkRedis(redis))
export const ofOne = [createRedisLoginStore({ redis: one }), createRedisLimiters({ redis: one })]
export const ofCluster = [createRedisLoginStore({ redis: cluster }), createRedisLimiters({ redis: cluster })]
export const feeds = [createRedisFeed({ redis: one }), createRedisFeed({ redis: cluster })]
export const both = createRedisStoreAndFeed({ redis: cluster })
export const quorum = createRedisFeed({ redis: [one, one, one], mode: 'quorum' })
`

/** The oldest ioredis that we support, in the version that the tests have. */
function installOldIoredis() {
  const { dependencies } = readJson(root, 'test-support/package.json')
  const name = dependencies['ioredis-5'].replace('npm:', '')
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', name], project)
}

const devDependenciesOf = (name) => readJson(root, 'packages', name, 'package.json').devDependencies

/** Node 20 does not run TypeScript, so the examples are compiled by the user's compiler. */
const compileDocs = (files) => {
  const options = { ...strict, module: 'nodenext', rootDir: '.', outDir: 'out' }
  compile('typescript', 'docs', options, files)
}

// --- All of it ---------------------------------------------------------------------------------

async function checkTarball(tarball) {
  await step(`${tarball.name}: contents`, () => checkContents(tarball))
  await step(`${tarball.name}: publint`, () => run(bin('publint'), ['--strict', tarball.path]))
  const attw = [tarball.path, '--profile', 'esm-only', '--no-emoji', '--quiet']
  await step(`${tarball.name}: attw`, () => run(bin('attw'), attw))
}

async function checkService(compiler) {
  await step(`the requests of a service have their types, ${compiler}`, () => {
    for (const [name, { options }] of Object.entries(typeChecks))
      compile(compiler, `service-${name}`, options, ['service.ts'])
  })
}

async function checkTypes(specifiers, compiler) {
  const { version } = readJson(project, 'node_modules', compiler, 'package.json')
  for (const [name, { options, files }] of Object.entries(typeChecks)) {
    await step(`types of ${specifiers.length} subpaths, TypeScript ${version}, ${name}`, () =>
      compile(compiler, name, options, files)
    )
  }
}

/** Users of these subpaths pass a client of ioredis, and so have it; other users do not need it for types. */
const withIoredis = (specifier) => specifier.endsWith('/redis')

async function checkRedisTypes(specifiers) {
  const { version } = readJson(project, 'node_modules/ioredis/package.json')
  const own = specifiers.filter(withIoredis)
  writeTypeUsers(own)
  writeFileSync(join(project, 'redis.ts'), redisServiceText)
  for (const compiler of compilers) {
    await step(
      `types of ${own.length} subpaths and of a service with ioredis ${version}, ${compiler}`,
      () => {
        for (const [name, { options, files }] of Object.entries(typeChecks))
          compile(compiler, `redis-${name}`, options, [...files, 'redis.ts'])
      }
    )
  }
}

async function checkUse(tarballs) {
  const specifiers = tarballs.flatMap(subpathsOf)
  for (const specifier of specifiers) await step(`import and require ${specifier}`, () => load(specifier))
  const others = specifiers.filter((specifier) => !withIoredis(specifier))
  writeTypeUsers(others)
  for (const compiler of compilers) {
    await checkTypes(others, compiler)
    await checkService(compiler)
  }
  await step('install ioredis 5', installOldIoredis)
  await checkRedisTypes(specifiers)
  const ready = await step('install the imports of the examples', () => installForDocs() ?? true)
  if (!ready) return
  await checkRedisTypes(specifiers)
  await checkDocs({ project, step, compile: compileDocs })
}

async function main() {
  const dirs = publicPackages()
  const built = await step('build', () => build(dirs) ?? true)
  if (!built) return
  mkdirSync(tarballDir)
  const packed = await step(`pack ${dirs.length} packages`, () => dirs.forEach(pack) ?? true)
  if (!packed) return
  const tarballs = readdirSync(tarballDir).map((file) => readTarball(join(tarballDir, file)))
  for (const tarball of tarballs) await checkTarball(tarball)
  const printed = await step('install in an empty project', () => install(tarballs))
  if (printed === undefined) return
  await step('the engine warnings of npm on the oldest Node are those in the documents', checkEngines)
  await step('a service without Redis installs no ioredis, and npm asks for none', () =>
    checkNoRedis(printed)
  )
  await checkUse(tarballs)
}

try {
  await main()
} finally {
  if (process.env.KEEP) console.log(`kept: ${tmp}`)
  else rmSync(tmp, { recursive: true, force: true })
}
if (failed > 0) {
  console.log(`${failed} packaging checks failed`)
  process.exitCode = 1
}
