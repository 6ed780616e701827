// Every code block of every document, compiled and run as a reader would who has installed the packages.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildModules, mapToDocuments, parseBlocks, parseContexts } from './blocks.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file) => readFileSync(join(root, file), 'utf8')
const RUN_MS = 60_000

/** The documents of the repository, without contexts.md, which their examples import. */
function documents() {
  const { stdout } = spawnSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  return stdout.split('\n').filter((file) => file !== '' && !/^\.|CHANGELOG|docs\/contexts\.md$/.test(file))
}

function write(project, modules) {
  mkdirSync(join(project, 'docs/with'), { recursive: true })
  for (const { name, text } of modules) writeFileSync(join(project, 'docs', `${name}.ts`), text)
  for (const [name, text] of parseContexts(read('scripts/docs/contexts.md'))) {
    writeFileSync(join(project, 'docs/with', `${name}.ts`), text)
  }
}

/**
 * What a block declares on the types of a package is for a whole program, and so is what a plugin declares on those of Fastify where
 * ours declares the same: such a block is a program of its own.
 */
function compileAll(modules, compile) {
  const isDeclaring = ({ text }) =>
    /^declare module '@drawbridge|^import .* from '@fastify\/secure-session'/m.test(text)
  const programs = [
    modules.filter((module) => !isDeclaring(module)),
    ...modules.filter(isDeclaring).map((module) => [module])
  ]
  try {
    for (const program of programs) compile(program.map(({ name }) => `docs/${name}.ts`))
  } catch (error) {
    throw new Error(mapToDocuments(error.message, modules))
  }
}

/** In a process and an empty folder of its own; a fault that the driver finds, or a rejection, fails it. */
function runBlock(project, { name, block }) {
  const driver =
    block.directives.run === null ? [] : [join(import.meta.dirname, 'run', `${block.directives.run}.mjs`)]
  const cwd = mkdtempSync(join(project, 'run-'))
  const args = [
    join(import.meta.dirname, 'run-block.mjs'),
    join(project, 'out/docs', `${name}.js`),
    ...driver
  ]
  const env = { ...process.env, PORT: '0', DRAWBRIDGE_SECRET: 'for the examples only: 32 bytes or more' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: RUN_MS
  })
  if (status !== 0) throw new Error(`exit code ${status}\n${stdout}${stderr}`)
}

/** Every command that a document gives is a script of the workspace. */
function checkCommands({ text }) {
  const scripts = (folder) => JSON.parse(read(`${folder}/package.json`)).scripts
  const named = [...text.matchAll(/pnpm(?:@[\d.]+)?(?: --filter (\w+))? ([\w:-]+)/g)]
  for (const [command, app, script] of named) {
    const known = scripts(app === undefined ? '.' : `apps/${app}`)
    if (!(script in known)) throw new Error(`there is no script ${script}: ${command}`)
  }
}

const CHECKS = { json: ({ text }) => void JSON.parse(text), sh: checkCommands }

/** Why a block is not run here; a block without a reason is an error. */
function reasonFor({ file, line, language, directives: { notRun, runBy } }) {
  if (runBy !== null && !existsSync(join(root, runBy)))
    throw new Error(`${file}:${line}: there is no ${runBy}`)
  if (notRun !== null) return notRun
  if (runBy !== null) return `by ${runBy}`
  if (language === 'sh') return 'commands are only looked up'
  if (language === '' || language in CHECKS) return null
  throw new Error(
    `${file}:${line}: a ${language} block needs "run by" and a test, or "not run:" and a reason`
  )
}

/**
 * @param {{ project: string, step: Function, compile: (files: string[]) => void }} options the folder that the packages are
 *   installed in, and the compiler that a user has.
 */
export async function checkDocs({ project, step, compile }) {
  const blocks = documents().map((file) => parseBlocks(file, read(file)))
  const modules = blocks.flatMap(buildModules)
  write(project, modules)
  const compiled = await step(
    `${modules.length} examples of the documents compile`,
    () => compileAll(modules, compile) ?? true
  )
  for (const module of modules) {
    const { file, line, directives } = module.block
    if (!compiled || directives.notRun !== null) continue
    await step(`the example of ${file}:${line} runs`, () => runBlock(project, module))
  }
  if (compiled) await step('the example of README.md runs as one file', () => bundle(project, modules))
  for (const block of blocks.flat()) {
    const { file, line, language } = block
    if (language in CHECKS) await step(`the ${language} of ${file}:${line}`, () => CHECKS[language](block))
  }
  await step('each block that is not run has a reason', () => blocks.flat().forEach(reportReason))
}

/** Runs the bundling command of docs/guides/production.md on the example of the README. */
function bundle(project, modules) {
  const deploying = parseBlocks('docs/guides/production.md', read('docs/guides/production.md'))
  const { text } = deploying.find((block) => block.text.includes('esbuild')) ?? { text: 'false' }
  const example = modules.find(({ block }) => block.file === 'README.md')
  const command = text
    .replace('server.js', `out/docs/${example.name}.js`)
    .replace('server.mjs', `out/docs/${BUNDLE}.js`)
  const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: project, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  runBlock(project, { ...example, name: BUNDLE })
}

const BUNDLE = 'bundled'

function reportReason(block) {
  const isModule = block.language === 'ts' || block.language === 'js'
  const reason = isModule ? block.directives.notRun : reasonFor(block)
  if (reason !== null) console.log(`not run: ${block.file}:${block.line}: ${reason}`)
}
