import t from 'tap'
import type { Machine } from '../../src/harness/machine.ts'
import { carrierTable } from '../../src/results/carriers.ts'
import { chart } from '../../src/results/chart.ts'
import { toResults } from '../../src/results/results.ts'
import { report, formatSpread, table } from '../../src/results/table.ts'
import { row } from './rows.ts'

const machine: Machine = {
  date: '2026-01-02 03:04',
  cpu: 'A <CPU> & more',
  cores: 2,
  memoryGiB: 4,
  system: 'Linux 6',
  node: 'v20.0.0',
  load: 'wrk',
  redis: '7.0.0',
  isPinned: true,
  busy: '0.10',
  versions: { fastify: '5.0.0' }
}
const rows = [row('guard', [22, 23, 21], [20, 20, 20]), row('peer <one>', [40, 50, 60], [20, 20, 20])]
const results = toResults(
  { machine, rounds: 3, seconds: 1, leftOut: ['With Redis: no redis-server'] },
  rows,
  [{ id: 'size', label: 'a size', unit: 'bytes', values: [1234] }]
)

t.test('columns are as wide as their contents, figures are right-aligned', async (t) => {
  const text = table(
    ['', 'µs'],
    [
      ['short', '1'],
      ['longer', '12.5']
    ]
  )
  t.equal(
    text,
    ['|        |   µs |', '| ------ | ---: |', '| short  |    1 |', '| longer | 12.5 |'].join('\n')
  )
})

t.test('a figure has its median, minimum and maximum', async (t) => {
  t.equal(formatSpread({ median: 3.14159, least: 2, most: 12.34 }), '3.14 (2.00–12.3)')
  t.equal(formatSpread({ median: 12_345.6, least: 999, most: 1_234_567 }), '12,346 (999–1,234,567)')
  t.equal(formatSpread({ median: 5, least: 5, most: 5 }), '5.00', 'one round has no spread')
  t.equal(formatSpread({ median: -0.5, least: -1.25, most: 0 }), '-0.50 (-1.25–0.00)')
})

t.test('a report has the machine, each row with what it adds, and what was left out', async (t) => {
  const text = report(results)
  t.match(text, /2026-01-02 03:04 UTC; A <CPU> & more, 2 cores, 4 GiB/)
  t.match(text, /fastify 5\.0\.0/)
  t.match(text, /\*\*label of guard\*\* +\| +22\.0 \(21\.0–23\.0\) \| +2\.00 \(1\.00–3\.00\) \| +900 \|/)
  t.match(text, /\| label of peer <one> +\| +50\.0/)
  t.match(text, /a size +\| +1,234 \| +bytes/)
  t.match(text, /## Left out\n\n- With Redis: no redis-server/)
})

t.test('a chart has a bar for each row, proportional to its added cost, and is well-formed', async (t) => {
  const svg = chart(results)
  t.equal(svg.match(/<rect [^>]*fill="#2563a8"/g)?.length, 1, 'ours')
  t.equal(svg.match(/<rect [^>]*fill="#b9bec7"/g)?.length, 1, 'the peer')
  const widths = [...svg.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
    Number(width)
  )
  t.equal(Math.round((widths[1] as number) / (widths[0] as number)), 15, '30 µs against 2 µs')
  t.match(svg, /label of peer &lt;one&gt;/)
  t.match(svg, /A &lt;CPU&gt; &amp; more/)
  t.notMatch(svg.replaceAll(/&(amp|lt|gt);/g, ''), /&/)
})

t.test('the carriers are side by side, and a missing measurement is an empty cell', async (t) => {
  const measured = toResults(
    { machine, rounds: 1, seconds: 1, leftOut: [] },
    [row('session-guard', [22], [20]), row('token-guard-eddsa', [23], [20])],
    [{ id: 'redis-token-bytes', label: '', unit: 'bytes', values: [650] }]
  )
  const lines = carrierTable(measured).split('\n')
  t.match(lines[2], /^\| a node adds, credential seen before +\| +2\.00 µs \| +3\.00 µs \|$/)
  t.match(lines[3], /^\| a node adds, credential not seen before +\| +\| +\|$/)
  t.match(lines[8], /^\| Redis for a login +\| +\| +650 bytes \|$/)
  t.match(lines[9], /\| +93 and 105 \|$/, 'the header without its scheme, and a refresh token')
})
