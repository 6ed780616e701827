// Runs the tests: node scripts/test.mjs [PATTERN...] [--quick | --proofs] [--exclude PATTERN] [--jobs N] [--timeout SECONDS]
// [--disable-coverage] [--verbose]. CONTRIBUTING.md says which tests run how. It compiles the workspace once, and runs
// each file as a plain process; a file can also be run from source: node --import tsx FILE.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkCoverage, moveOwnCoverage } from './tests/check-coverage.mjs'
import { BUILD, compileWorkspace } from './tests/compile-workspace.mjs'
import { createReport } from './tests/report-tap.mjs'
import { runFile } from './tests/run-file.mjs'
import { runFiles } from './tests/run-files.mjs'
import { PROOFS, selectFiles, selectQuick, toCompiled } from './tests/select-files.mjs'

/** These depend on timely responses of whole servers, or of a browser. */
const ALONE = [
  /^apps\/demo\/test\/attacks\/(?:attackers|enumeration)\./,
  /^apps\/demo\/test\/(?:claims-on|clock|close|concurrent|dependencies|exit|flood|kill|nodes|one-login|outage|page|redis|refresh|slow|tabs)/,
  /^examples\/(?!.*\/size\.)/
]
const isAlone = (file) => ALONE.some((pattern) => pattern.test(file))

/**
 * Coverage counts what the packages' own tests run. The tests of apps/demo run whole processes and kill some of them,
 * so their coverage would depend on timing; those of scripts/ run no package source, except the one that loads it all.
 */
const isCounted = (file) => /^packages\/|^scripts\/test\/every-source-file/.test(file)

const isCi = process.env.CI === 'true'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    proofs: { type: 'boolean', default: false },
    exclude: { type: 'string', multiple: true, default: [] },
    // More than two cores need: many of the tests wait for servers.
    jobs: { type: 'string', default: '3' },
    timeout: { type: 'string', default: '300' },
    'disable-coverage': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: isCi }
  }
})

const write = (text) => process.stdout.write(text)

async function main() {
  if (!compileWorkspace()) return false
  const patterns = values.proofs ? PROOFS : positionals
  const selected = selectFiles(patterns, values.exclude)
  const files = values.quick ? selectQuick(selected, BUILD) : selected
  const isPart = patterns.length > 0 || values.exclude.length > 0 || values.quick
  const coverage = isPart || values['disable-coverage'] ? null : mkdtempSync(join(tmpdir(), 'coverage-'))
  try {
    return await runAll(files, coverage)
  } finally {
    if (coverage !== null) rmSync(coverage, { recursive: true, force: true })
  }
}

async function runAll(files, coverage) {
  const isVerbose = values.verbose || files.length === 1
  // A skipped test proves nothing.
  const report = createReport({ isVerbose, mayLeaveOut: !isCi, write })
  const run = (file) => (coverage !== null && isCounted(file) ? runCounted(file, coverage) : runPlain(file))
  await runFiles(files, {
    jobs: Number(values.jobs),
    isAlone,
    run,
    report: (file, result) => report.add(file, result)
  })
  const isCovered = coverage === null || (await checkCoverage(coverage, write))
  return report.close() && isCovered
}

function runPlain(file, env = {}) {
  const timeoutMs = Number(values.timeout) * 1000
  return runFile(join(BUILD, toCompiled(file)), { timeoutMs, env: { ...process.env, ...env } })
}

async function runCounted(file, coverage) {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-of-file-'))
  const result = await runPlain(file, { NODE_V8_COVERAGE: folder })
  moveOwnCoverage(folder, coverage, BUILD)
  return result
}

process.exitCode = (await main()) ? 0 : 1
