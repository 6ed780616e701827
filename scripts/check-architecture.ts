// Checks the imports of packages/*/src, apps/*/src and examples/*/src against the table below. Each one that the table does not allow
// is an error with its file, line and rule.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseImports, type Import } from './parse-imports.ts'

interface Outside {
  readonly name: string
  /** Only `import type`: the instance is passed as an option, or not at all. */
  readonly typesOnly?: true
  /** Only in this folder of the package. */
  readonly within?: string
}

interface Row {
  readonly workspace: readonly string[]
  readonly external: readonly Outside[]
  /**
   * Packages of ours that the service registers beside it: it declares them as peers, and imports them in tests and in what
   * it offers to the tests of services, `src/testing`.
   */
  readonly peers?: readonly string[]
  /** Packages of ours that only its tests may import. */
  readonly inTests?: readonly string[]
  /** Modules of Node that this package must not use. */
  readonly neverNode?: readonly string[]
}

const http = ['node:http', 'node:https', 'node:http2']
const carrier: readonly Outside[] = [
  { name: 'fastify', typesOnly: true },
  { name: 'fastify-plugin' },
  // Every package declares its option schemas with the same library; @drawbridge/options parses them.
  { name: 'valibot' }
]

const testSupport = '@drawbridge/test-support'

export const table: Readonly<Record<string, Row>> = {
  '@drawbridge/options': { workspace: [], external: [{ name: 'valibot' }], neverNode: http },
  '@drawbridge/credentials': {
    workspace: ['@drawbridge/options'],
    external: [
      { name: '@node-rs/argon2' },
      { name: '@node-rs/bcrypt' },
      { name: 'rate-limiter-flexible' },
      { name: 'valibot' },
      { name: 'kysely', typesOnly: true },
      { name: 'ioredis', typesOnly: true, within: 'src/redis' }
    ],
    inTests: [testSupport],
    neverNode: http
  },
  '@drawbridge/logins': {
    workspace: ['@drawbridge/options'],
    external: [{ name: 'valibot' }, { name: 'ioredis', typesOnly: true, within: 'src/redis' }],
    inTests: [testSupport],
    neverNode: http
  },
  '@drawbridge/carrier': {
    workspace: ['@drawbridge/options', '@drawbridge/logins'],
    external: [
      { name: 'fastify', typesOnly: true },
      { name: '@fastify/error' },
      { name: 'ajv' },
      { name: 'valibot' }
    ],
    inTests: [testSupport]
  },
  '@drawbridge/bridge': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    peers: ['@drawbridge/session-auth', '@drawbridge/token-auth'],
    external: [
      ...carrier,
      { name: '@fastify/error' },
      // Loaded by those who move from such a system only: each has an entry point of its own.
      { name: 'cookie-signature', within: 'src/migration/sources/express-session' },
      { name: 'jose', within: 'src/migration/sources/jwt' }
    ],
    inTests: ['@drawbridge/credentials', testSupport]
  },
  '@drawbridge/account': {
    workspace: [
      '@drawbridge/options',
      '@drawbridge/credentials',
      '@drawbridge/logins',
      '@drawbridge/carrier',
      '@drawbridge/bridge'
    ],
    external: [
      ...carrier,
      { name: '@fastify/error' },
      { name: 'bowser', within: 'src/logins' },
      { name: 'ioredis', typesOnly: true, within: 'src/redis' }
    ],
    peers: ['@drawbridge/key-auth'],
    inTests: ['@drawbridge/session-auth', '@drawbridge/token-auth', testSupport]
  },
  '@drawbridge/session-auth': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    external: [
      ...carrier,
      { name: '@fastify/error' },
      { name: '@fastify/cookie' },
      { name: '@fastify/session' }
    ],
    inTests: ['@drawbridge/credentials', testSupport]
  },
  '@drawbridge/token-auth': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    external: [...carrier, { name: '@fastify/jwt' }, { name: 'jose', within: 'src/clients' }],
    inTests: ['@drawbridge/credentials', testSupport]
  },
  '@drawbridge/verifier': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    external: [...carrier, { name: 'jose' }],
    inTests: ['@drawbridge/credentials', '@drawbridge/token-auth', testSupport]
  },
  '@drawbridge/back-channel-logout': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    external: [
      ...carrier,
      { name: '@fastify/error' },
      { name: 'jose' },
      { name: 'ioredis', typesOnly: true, within: 'src/redis' }
    ],
    inTests: ['@drawbridge/session-auth', '@drawbridge/token-auth', testSupport]
  },
  '@drawbridge/key-auth': {
    workspace: ['@drawbridge/options', '@drawbridge/logins', '@drawbridge/carrier'],
    external: [...carrier, { name: '@fastify/error' }],
    inTests: [
      '@drawbridge/bridge',
      '@drawbridge/credentials',
      '@drawbridge/session-auth',
      '@drawbridge/token-auth',
      testSupport
    ]
  },
  '@drawbridge/telemetry': {
    workspace: ['@drawbridge/options', '@drawbridge/credentials', '@drawbridge/logins'],
    external: [{ name: '@opentelemetry/api' }, { name: 'valibot' }],
    inTests: ['@drawbridge/session-auth', '@drawbridge/token-auth', testSupport],
    neverNode: http
  }
}

type Dependencies = Readonly<Record<string, string>>

export interface Manifest {
  readonly name: string
  readonly dependencies?: Dependencies
  readonly peerDependencies?: Dependencies
  readonly optionalDependencies?: Dependencies
  readonly devDependencies?: Dependencies
}

export interface Package {
  /** From the root of the workspace: `packages/logins`. */
  readonly dir: string
  readonly manifest: Manifest
  /** From the folder of the package, with forward slashes: `src/feed/feed.ts`. */
  readonly files: readonly { readonly path: string; readonly imports: readonly Import[] }[]
}

interface Edge extends Import {
  readonly from: string
}

type Rule = (edge: Edge, pkg: Package, names: ReadonlySet<string>) => string | undefined

// --- The rules ---------------------------------------------------------------------------------

const isRelative = (specifier: string) => specifier.startsWith('.') || specifier.startsWith('/')
/** The target from the folder of the package; an absolute path stays absolute, and so is outside. */
const resolveTarget = (edge: Edge) =>
  edge.specifier.startsWith('/') ? edge.specifier : posix.join(posix.dirname(edge.from), edge.specifier)
const isInside = (path: string, folder: string) => path.startsWith(`${folder}/`)
const isNode = (specifier: string) => specifier.startsWith('node:') || isBuiltin(specifier)
const isApp = (pkg: Package) => isInside(pkg.dir, 'apps') || isInside(pkg.dir, 'examples')

/** `@scope/name/subpath` → `@scope/name`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

const checkInside: Rule = (edge, pkg) => {
  if (!isRelative(edge.specifier)) return undefined
  const home = isApp(pkg) ? '.' : 'src'
  const target = resolveTarget(edge)
  if (home === '.' ? !target.startsWith('..') : isInside(target, home)) return undefined
  return `a relative import stays inside ${posix.join(pkg.dir, home)}`
}

/** Which files may import a file of this kind: index → plugin → routes → the rest. */
const layers: readonly { is: RegExp; importers: RegExp; rule: string }[] = [
  {
    is: /^src\/index\.ts$/,
    importers: /^$/,
    rule: 'index.ts is for users of the package; nothing inside imports it'
  },
  { is: /(^|\/)plugin\.ts$/, importers: /(^|\/)index\.ts$/, rule: 'only index.ts imports plugin.ts' },
  {
    is: /(^|\/)routes\//,
    importers: /(^|\/)((index|plugin)\.ts$|routes\/)/,
    rule: 'only plugin.ts and index.ts import routes'
  }
]

const checkLayers: Rule = (edge, pkg) => {
  if (!isRelative(edge.specifier) || isApp(pkg)) return undefined
  return layers.find((layer) => layer.is.test(resolveTarget(edge)) && !layer.importers.test(edge.from))?.rule
}

const findDriver = (path: string) => /^(memory|sql|sqlite|postgres|redis)-/.exec(posix.basename(path))?.[1]

/** The application chooses a store; one that imported another store, or its users, could not be replaced. */
const checkDrivers: Rule = (edge, pkg) => {
  const driver = findDriver(edge.from)
  if (!driver || !isRelative(edge.specifier) || isApp(pkg)) return undefined
  const target = resolveTarget(edge)
  const other = findDriver(target)
  if (other && other !== driver) return `a ${driver} driver imports no ${other} driver`
  if (/^create-|^plugin\.ts$/.test(posix.basename(target)))
    return 'a driver imports its interface, not its users'
  return undefined
}

const checkWorkspaceImport: Rule = (edge, pkg, names) => {
  const name = packageName(edge.specifier)
  if (!names.has(name)) return undefined
  if (isApp(pkg)) return table[name] ? undefined : `an app imports packages, not ${name}`
  if (isForTests(edge) && table[pkg.manifest.name]?.peers?.includes(name)) return undefined
  return canImport(pkg.manifest.name, name)
}

/** In what a package offers to the tests of services, which have its peers. */
const isForTests = (edge: { readonly from: string }) => isInside(edge.from, 'src/testing')

function canImport(importer: string, name: string): string | undefined {
  const { workspace = [] } = table[importer] ?? {}
  return workspace.includes(name)
    ? undefined
    : `of ours ${importer} may import ${workspace.join(', ') || 'nothing'}`
}

const checkExternalImport: Rule = (edge, pkg, names) => {
  if (isApp(pkg) || isRelative(edge.specifier) || isNode(edge.specifier)) return undefined
  const name = packageName(edge.specifier)
  if (names.has(name)) return undefined
  const entry = table[pkg.manifest.name]?.external.find((outside) => outside.name === name)
  if (!entry) return `the table has no ${name} for ${pkg.manifest.name}`
  if (entry.within && !isInside(edge.from, entry.within)) return `${name} is for ${entry.within} only`
  if (entry.typesOnly && !edge.typesOnly && !isForTests(edge)) return `of ${name} only types: import type`
  return undefined
}

const checkNodeImport: Rule = (edge, pkg) => {
  const never = table[pkg.manifest.name]?.neverNode ?? []
  return never.includes(edge.specifier) ? `${pkg.manifest.name} must not use ${edge.specifier}` : undefined
}

/** A devDependency exists in the workspace, but not where the package is installed. */
const checkDeclared: Rule = (edge, { manifest }) => {
  if (isRelative(edge.specifier) || isNode(edge.specifier)) return undefined
  const name = packageName(edge.specifier)
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies
  }
  return name in declared ? undefined : `${name} is not among its dependencies or peerDependencies`
}

const rules: readonly Rule[] = [
  checkInside,
  checkLayers,
  checkDrivers,
  checkWorkspaceImport,
  checkExternalImport,
  checkNodeImport,
  checkDeclared
]

/** The manifest may list no more than the table allows: users install what it lists. */
function checkManifest(pkg: Package, names: ReadonlySet<string>): string[] {
  const { manifest } = pkg
  if (isApp(pkg)) return []
  const row = table[manifest.name]
  if (!row) return [`${pkg.dir}: the table has no row for ${manifest.name}`]
  const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  const wrong: string[] = []
  for (const name of Object.keys({ ...shipped, ...manifest.devDependencies })) {
    const isInTests = !(name in shipped) && row.inTests?.includes(name)
    const isPeer = row.peers?.includes(name) && !isInstalled(manifest, name)
    const rule = names.has(name) && !isInTests && !isPeer ? canImport(manifest.name, name) : undefined
    if (rule) wrong.push(`${pkg.dir}/package.json: depends on ${name}: ${rule}`)
  }
  for (const name of Object.keys(shipped)) {
    if (names.has(name) || row.external.some((outside) => outside.name === name)) continue
    wrong.push(`${pkg.dir}/package.json: depends on ${name}: the table has no ${name} for ${manifest.name}`)
  }
  return wrong
}

/** Whether it comes with the package: a second copy of what the service registers. */
function isInstalled({ dependencies, optionalDependencies }: Manifest, name: string): boolean {
  return name in { ...dependencies, ...optionalDependencies }
}

/** Cycles of files that import one another, types included: none of them can be read by itself. */
function findCycles({ dir, files }: Package): string[] {
  const targets = new Map(
    files.map(({ path, imports }) => {
      const own = imports.filter(({ specifier }) => isRelative(specifier))
      return [path, own.map((found) => resolveTarget({ ...found, from: path }))]
    })
  )
  const seen = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string[] => {
    const start = trail.indexOf(path)
    if (start >= 0) return [`${dir}: a cycle of imports: ${[...trail.slice(start), path].join(' → ')}`]
    if (seen.has(path)) return []
    seen.add(path)
    return (targets.get(path) ?? []).flatMap((target) => visit(target, [...trail, path]))
  }
  return files.flatMap(({ path }) => visit(path, []))
}

/** Every edge that breaks a rule and every cycle, one line each; empty when the workspace is as the table says. */
export function check(packages: readonly Package[]): string[] {
  const names = new Set([...packages.map((pkg) => pkg.manifest.name), ...Object.keys(table), testSupport])
  return packages.flatMap((pkg) => [
    ...checkManifest(pkg, names),
    ...checkEdges(pkg, names),
    ...findCycles(pkg)
  ])
}

function checkEdges(pkg: Package, names: ReadonlySet<string>): string[] {
  const wrong: string[] = []
  for (const { path, imports } of pkg.files) {
    for (const edge of imports.map((found) => ({ ...found, from: path }))) {
      const rule = rules.map((broken) => broken(edge, pkg, names)).find((found) => found !== undefined)
      if (rule) wrong.push(`${pkg.dir}/${path}:${edge.line}: imports ${edge.specifier}: ${rule}`)
    }
  }
  return wrong
}

// --- Reading the workspace ---------------------------------------------------------------------

function readFiles(dir: string): Package['files'] {
  const src = join(dir, 'src')
  if (!existsSync(src)) return []
  const paths = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return paths.sort().map((path) => {
    return {
      path: relative(dir, path).split(sep).join('/'),
      imports: parseImports(readFileSync(path, 'utf8'))
    }
  })
}

function readPackage(root: string, dir: string): Package {
  const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest
  return { dir, manifest, files: readFiles(join(root, dir)) }
}

export function readWorkspace(root: string): Package[] {
  return ['packages', 'apps', 'examples'].flatMap((group) => {
    if (!existsSync(join(root, group))) return []
    const dirs = readdirSync(join(root, group)).filter((dir) =>
      existsSync(join(root, group, dir, 'package.json'))
    )
    return dirs.sort().map((dir) => readPackage(root, `${group}/${dir}`))
  })
}

function main(): void {
  const packages = readWorkspace(resolve(dirname(fileURLToPath(import.meta.url)), '..'))
  const edges = packages.flatMap((pkg) => pkg.files.flatMap((file) => file.imports)).length
  const wrong = check(packages)
  for (const line of wrong) console.error(line)
  if (wrong.length > 0) process.exitCode = 1
  // A walk without files would break no rule, so it is an error of its own.
  else if (edges === 0) throw new Error('no import found in packages/*/src: nothing was checked')
  else console.log(`architecture: ${edges} imports of ${packages.length} packages are as the table says`)
}

if (basename(process.argv[1] ?? '') === basename(fileURLToPath(import.meta.url))) main()
