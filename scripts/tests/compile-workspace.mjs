// Compiles the whole workspace once, so that no test process needs a loader: into a copy of the repository in which
// every TypeScript file has its JavaScript beside it, and packages import one another's JavaScript.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

/** The folder of the copy, from the root of the repository. */
export const BUILD = '.test-build'

/** Of tsconfig.json; here so that whoever removes the folder removes it too, and everything is compiled again. */
const BUILD_INFO = 'tsconfig.tsbuildinfo'

/**
 * Type-checks and compiles what has changed since the last call.
 * @returns whether there was no type error; the errors have been printed.
 */
export function compileWorkspace() {
  const files = listRepository()
  removeStale(files)
  const tsc = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.json', '--noEmit', 'false'], {
    stdio: 'inherit'
  })
  if (tsc.error) throw tsc.error
  if (tsc.status !== 0) return false
  for (const file of files) copy(file)
  for (const file of files) if (isExample(file)) compileExample(file)
  for (const file of files) if (/^([^/]+\/)+package\.json$/.test(file)) linkModules(dirname(file))
  return true
}

/** The tracked and the new files: what a clean checkout would have. */
function listRepository() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((file) => file !== '' && existsSync(file))
}

/** Removes what is left of files that were renamed or deleted: a test could still import them. */
function removeStale(files) {
  const expected = new Set([BUILD_INFO, ...files.flatMap((file) => [file, ...outputsOf(file)])])
  for (const file of walk(BUILD)) if (!expected.has(relative(BUILD, file).split(sep).join('/'))) rmSync(file)
}

function outputsOf(file) {
  const [, stem] = /^(.*)(?<!\.d)\.ts$/.exec(file) ?? []
  return stem === undefined ? [] : [`${stem}.js`, `${stem}.js.map`]
}

function* walk(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

/** An example is a program of its own, with types of its own for the whole program; its test checks them. */
function isExample(file) {
  return file.startsWith('examples/') && outputsOf(file).length > 0
}

function compileExample(file) {
  const { outputText, sourceMapText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    fileName: resolve(file),
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax: true,
      sourceMap: true
    }
  })
  const [script, map] = outputsOf(file).map((name) => join(BUILD, name))
  writeFileSync(script, outputText)
  writeFileSync(map, sourceMapText)
}

/** Also TypeScript, since some tests compare a document with it. */
function copy(file) {
  const text = readFileSync(file)
  const content = file.endsWith('package.json') ? Buffer.from(exportingCompiled(text.toString())) : text
  const target = join(BUILD, file)
  if (existsSync(target) && readFileSync(target).equals(content)) return
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, content)
}

function exportingCompiled(manifest) {
  const { exports, ...rest } = JSON.parse(manifest)
  if (exports === undefined) return manifest
  const compiled = Object.entries(exports).map(([name, path]) => [name, path.replace(/\.ts$/, '.js')])
  return JSON.stringify({ ...rest, exports: Object.fromEntries(compiled) }, null, 2)
}

/** The same links as in the package's own node_modules, except that packages of ours are the compiled ones. */
function linkModules(folder) {
  const target = join(BUILD, folder, 'node_modules')
  rmSync(target, { recursive: true, force: true })
  for (const name of modulesOf(join(folder, 'node_modules'))) {
    const real = realpathSync(join(folder, 'node_modules', name))
    const inside = relative(process.cwd(), real)
    const isOurs = !inside.startsWith('..') && !inside.split(sep).includes('node_modules')
    mkdirSync(dirname(join(target, name)), { recursive: true })
    symlinkSync(isOurs ? resolve(BUILD, inside) : real, join(target, name))
  }
}

function modulesOf(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return []
    return name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]
  })
}
