// pnpm bench            measures everything and writes apps/bench/results
// pnpm bench --check    measures briefly, and reports what got worse than the committed results
// pnpm bench --only ID  only groups and trials of this name; writes nothing
// pnpm bench --rounds N more rounds than five, where the machine is not quiet
// pnpm bench --render   rewrites tables and chart from the committed results
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { keepOffServerCore } from './harness/cores.ts'
import { describeMachine } from './harness/machine.ts'
import { type Group, groups, checkGroups } from './harness/plan.ts'
import { startRedis } from './harness/redis.ts'
import { measureGroup, type Pace, type RunContext } from './harness/rounds.ts'
import { carrierTable } from './results/carriers.ts'
import { chart } from './results/chart.ts'
import { compare } from './results/check.ts'
import type { Finding, MeasuredRow } from './results/measurements.ts'
import { type Results, toResults } from './results/results.ts'
import { splice } from './results/splice.ts'
import { figureTable, report, table } from './results/table.ts'
import { trials } from './trials/index.ts'
import type { Trial } from './trials/trial.ts'

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const DOCUMENT = join(ROOT, 'docs/performance.md')
const FULL: Pace = { rounds: 5, seconds: 1, warmSeconds: 1 }
const SHORT: Pace = { rounds: 2, seconds: 1, warmSeconds: 1 }

interface Plan {
  readonly groups: readonly Group[]
  readonly trials: readonly Trial[]
  readonly pace: Pace
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: String(FULL.rounds) },
      render: { type: 'boolean', default: false }
    }
  })
  if (values.render) return write(readCommitted())
  const results = await measure(createPlan(values.check, values.only, parseRounds(values.rounds)))
  console.log(`\n${report(results)}\n`)
  if (values.check) process.exitCode = printComparison(compare(results.figures, readCommitted().figures))
  else if (values.only === undefined) write(results)
}

function parseRounds(text: string): number {
  const rounds = Number(text)
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number from 1, not ${text}`)
  return rounds
}

function createPlan(isCheck: boolean, only: readonly string[] | undefined, rounds: number): Plan {
  if (isCheck) return { groups: checkGroups(), trials: [], pace: SHORT }
  const isSelected = ({ id, isOnRequest = false }: { readonly id: string; readonly isOnRequest?: boolean }) =>
    only === undefined ? !isOnRequest : only.includes(id)
  return { groups: groups.filter(isSelected), trials: trials.filter(isSelected), pace: { ...FULL, rounds } }
}

async function measure(plan: Plan): Promise<Results> {
  const machine = describeMachine()
  // The built packages are measured, as published.
  execFileSync('tsc', ['-b', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
  keepOffServerCore()
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'))
  const redis = await startRedis(folder)
  const context: RunContext = { folder, redisUrl: redis?.url, log: (line) => console.error(line) }
  const canRun = ({ needsRedis = false }: Group | Trial) => redis !== undefined || !needsRedis
  const skipped = [...plan.groups, ...plan.trials].filter((one) => !canRun(one))
  try {
    const rows: MeasuredRow[] = []
    const findings: Finding[] = []
    for (const group of plan.groups.filter(canRun))
      rows.push(...(await measureGroup(group, plan.pace, context)))
    for (const trial of plan.trials.filter(canRun)) {
      context.log(trial.title)
      findings.push(...(await trial.run(context)))
    }
    const names = skipped.flatMap(listNames).map((name) => `${name}: redis-server was not found`)
    return toResults(
      { machine, rounds: plan.pace.rounds, seconds: plan.pace.seconds, leftOut: names },
      rows,
      findings
    )
  } finally {
    await redis?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function listNames(one: Group | Trial): readonly string[] {
  return 'rows' in one ? one.rows.map(({ label }) => `${one.title}: ${label}`) : [one.title]
}

const readCommitted = () => JSON.parse(readFileSync(join(RESULTS, 'results.json'), 'utf8')) as Results

/** @returns the exit code: 1 where something got worse. */
function printComparison(comparisons: ReturnType<typeof compare>): number {
  const rows = comparisons.map(({ text, committed: before, now, isWorse }) => {
    return [text, before.toFixed(3), now.toFixed(3), isWorse ? 'worse' : '']
  })
  console.log(`${table(['', 'committed', 'now', ''], rows)}\n`)
  const worse = comparisons.filter(({ isWorse }) => isWorse)
  console.log(worse.length === 0 ? 'nothing got worse' : `${worse.length} of ${comparisons.length} got worse`)
  return worse.length === 0 ? 0 : 1
}

function write(results: Results): void {
  writeFileSync(join(RESULTS, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(RESULTS, 'results.md'), `${report(results)}\n`)
  writeFileSync(join(RESULTS, 'chart.svg'), chart(results))
  const figures = splice(readFileSync(DOCUMENT, 'utf8'), 'figures', figureTable(results.figures))
  writeFileSync(DOCUMENT, splice(figures, 'carriers', carrierTable(results)))
}

await main()
