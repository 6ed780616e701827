import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const ALL = [
  ':(glob)packages/*/test/**/*.test.ts',
  ':(glob)apps/*/test/**/*.test.ts',
  ':(glob)examples/*/test/**/*.test.ts',
  ':(glob)scripts/test/*.test.ts'
]

/** They simulate people for minutes: `pnpm test:migration`. */
const MOVES = 'apps/moves/**'

/**
 * What takes minutes, and rarely fails where all else passes: faults of servers in every order, Cluster and Sentinel, models, random
 * inputs, and other libraries. `pnpm test:proofs`.
 */
export const PROOFS = [
  'apps/beside-other-plugins/test/live/{fault-matrix,fault-matrix-servers,many-connections}.test.ts',
  'apps/compared/**',
  'apps/demo/test/fuzz/**',
  'apps/demo/test/guides/migration.test.ts',
  'apps/demo/test/attacks/{attackers,bodies}.test.ts',
  'apps/demo/test/{kill,nodes-load,nodes-servers,refresh-crash,revocation-lag,sign-out-bodies,slow-request}.test.ts',
  'apps/demo/test/{clock*,redis-*,secret-rotation}.test.ts',
  'apps/demo/test/outage-control.test.ts',
  'apps/demo/test/outage-matrix-*.test.ts',
  'apps/old-logins/**',
  'packages/account/test/attacks/{endings,endings-on-nodes}.test.ts',
  'packages/account/test/rename-in-flight.test.ts',
  'packages/bridge/test/migration-model/**',
  'packages/bridge/test/model/**',
  'packages/logins/test/redis/feed/{cluster,fault-matrix,fenced,naive-feed,quorum,reader,sentinel,soak}.test.ts',
  'packages/logins/test/redis/{ioredis-5,memory,redis-cluster,redis-sentinel}.test.ts',
  'packages/logins/test/redis/store/client-settings.test.ts',
  'packages/verifier/test/redis/faults.test.ts',
  'scripts/test/run-file.test.ts'
].flatMap(expandBraces)

/**
 * The test files, from the root of the repository.
 * @param patterns paths, folders or globs as Git knows them; where there is none, all but those that have a command of their own.
 * @param excluded the same, of files to leave out.
 * @throws where a pattern matches no test file: a typing error must not look like success.
 */
export function selectFiles(patterns, excluded) {
  const leaveOut = (list) => list.map((pattern) => `:(exclude,glob)${pattern}`)
  const without = leaveOut(excluded)
  if (patterns.length === 0) return listFiles([...ALL, ...leaveOut([MOVES, ...PROOFS]), ...without])
  const all = new Set(listFiles([...ALL, ...without]))
  const selected = patterns.flatMap((pattern) => {
    const matching = listFiles([`:(glob)${pattern}`]).filter((file) => all.has(file))
    if (matching.length === 0) throw new Error(`no test file matches ${pattern}`)
    return matching
  })
  return [...new Set(selected)]
}

/** Git's globs have no braces. */
function expandBraces(pattern) {
  const [, before, names, after] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? []
  return names === undefined ? [pattern] : names.split(',').map((name) => before + name + after)
}

function listFiles(pathspecs) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...pathspecs]
  const deleted = new Set(git(['ls-files', '--deleted']))
  return git(args).filter((file) => !deleted.has(file))
}

function git(args) {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((line) => line !== '')
}

/** Tests of documents, of apps and examples and of migrations, and those that try many inputs. */
const THOROUGH =
  /^(?:apps|examples|scripts)\/|\/(?:attacks|fuzz|migration|migration-model|model)\/|\/parse-hash\./

/** What starts servers, browsers and other processes, and what tries random inputs for a long time. */
const SLOW_MODULES = new Set(['node:child_process', 'playwright-core', 'fast-check'])

/**
 * Of these files, the ones that are soon done and need nothing but their own process: neither they nor what they import of the tests'
 * own modules imports one that starts another process.
 * @param build the folder of the compiled workspace.
 */
export function selectQuick(files, build) {
  const known = new Map()
  const importsOf = (file) => {
    if (!known.has(file)) known.set(file, readImports(join(build, file)))
    return known.get(file)
  }
  const isQuick = (start) => {
    const reached = new Set([start])
    for (const file of reached) {
      for (const specifier of importsOf(file)) {
        if (SLOW_MODULES.has(specifier)) return false
        const target = resolveOwn(file, specifier)
        if (target !== null) reached.add(target)
      }
    }
    return true
  }
  return files.filter((file) => !THOROUGH.test(file) && isQuick(toCompiled(file)))
}

/** The name of the JavaScript of a TypeScript file. */
export function toCompiled(file) {
  return file.replace(/\.ts$/, '.js')
}

/** Of compiled code, which has no imports of types any more; of no file, what only a text of some test imports. */
function readImports(path) {
  const code = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(([, specifier]) => specifier)
}

/** The file that an import names, if it is neither a package from elsewhere nor one that is tested. */
function resolveOwn(file, specifier) {
  const shared = /^@drawbridge\/test-support\/(.+)$/.exec(specifier)?.[1]
  if (shared !== undefined) return `test-support/src/${shared}.js`
  return /^\.{1,2}\/.*\.js$/.test(specifier) ? posix.join(posix.dirname(file), specifier) : null
}
