import type { FigureResult } from './figures.ts'
import type { FindingResult, Results, RowResult } from './results.ts'
import type { Spread } from './spread.ts'

type Cells = readonly string[]

const round = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, value >= 1000 ? ',' : '')
}

/** The median with minimum and maximum. */
export const formatSpread = ({ median, least, most }: Spread): string =>
  least === most ? round(median) : `${round(median)} (${round(least)}–${round(most)})`

/** A Markdown table that is aligned as text. The first column is text, the others are figures. */
export function table(head: Cells, rows: readonly Cells[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? title).length))
  )
  const line = (cells: Cells) => `| ${cells.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join(' | ')} |`
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

const pad = (text: string, width: number, column: number) => {
  const space = ' '.repeat(width - text.length)
  return column === 0 ? text + space : space + text
}

const ROW_HEAD = ['', 'CPU µs', 'added CPU µs', 'requests/s', 'p50 ms', 'p99 ms', 'RSS MiB']

function rowTable(rows: readonly RowResult[]): string {
  return table(
    ROW_HEAD,
    rows.map((row) => [
      row.isPeer ? row.label : `**${row.label}**`,
      formatSpread(row.cpuMicros),
      row.addedMicros === null ? '' : formatSpread(row.addedMicros),
      round(row.requestsPerSecond.median),
      round(row.p50Ms.median),
      round(row.p99Ms.median),
      round(row.rssMiB.median)
    ])
  )
}

export function figureTable(figures: readonly FigureResult[]): string {
  return table(
    ['', 'wanted', 'measured', ''],
    figures.map(({ text, bound, limit, value, isReached }) => [
      text,
      `${bound} ${limit}`,
      formatSpread(value),
      isReached ? 'yes' : 'no'
    ])
  )
}

function findingTable(findings: readonly FindingResult[]): string {
  return table(
    ['', 'measured', 'unit'],
    findings.map(({ label, unit, value }) => [label, formatSpread(value), unit])
  )
}

/** The report of a run. */
export function report(results: Results): string {
  const groups = [...new Set(results.rows.map(({ group }) => group))]
  return [
    '# What it costs',
    'Written by `pnpm bench`; the terms are explained in [docs/performance.md](../../../docs/performance.md).',
    describe(results),
    ...(results.figures.length === 0 ? [] : ['## Figures', figureTable(results.figures)]),
    ...groups.flatMap((group) => [
      `## ${group}`,
      rowTable(results.rows.filter((row) => row.group === group))
    ]),
    ...(results.findings.length === 0 ? [] : ['## Other measurements', findingTable(results.findings)]),
    ...(results.leftOut.length === 0
      ? []
      : ['## Left out', results.leftOut.map((one) => `- ${one}`).join('\n')])
  ].join('\n\n')
}

function describe({ machine, rounds, seconds }: Results): string {
  const { date, cpu, cores, memoryGiB, system, node, load, redis, isPinned, busy, versions } = machine
  const pinning = isPinned
    ? 'one core for the server, another for the load'
    : 'nothing pinned: figures are rough'
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `- ${date} UTC; ${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; load average at the start ${busy}`,
    `- Node ${node}, ${load}, Redis ${redis}; ${pinning}; ${rounds} rounds of ${seconds} s`,
    `- ${peers.join(', ')}`,
    '- medians; in brackets the minimum and the maximum of all rounds. Ours is in bold'
  ].join('\n')
}
