import type { Results, RowResult } from './results.ts'

const WIDTH = 900
const LABELS = 380
const BAR = 18
const GAP = 8
const TOP = 56
const RIGHT = 70

/** A bar chart of what each guard adds to a request, with a line from the minimum to the maximum of the rounds. */
export function chart({ rows, machine }: Results): string {
  const charted = rows.filter((row) => row.addedMicros !== null && !row.label.includes('no guard'))
  const inGroups = [...new Set(charted.map(({ group }) => group))].flatMap((group) => [
    group,
    ...charted.filter((row) => row.group === group)
  ])
  const most = Math.max(...charted.map((row) => row.addedMicros?.most ?? 0), 1)
  const scale = (WIDTH - LABELS - RIGHT) / most
  const height = TOP + inGroups.length * (BAR + GAP) + GAP
  const lines = inGroups.map((one, at) => {
    const y = TOP + at * (BAR + GAP)
    return typeof one === 'string' ? heading(one, y) : bar(one, y, scale)
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>Added CPU time per request</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="24" font-size="16" font-weight="600" fill="#111111">CPU time that a guard adds to a request, µs</text>`,
    `<text x="12" y="42" fill="#555555">over a bare server that is sent the same headers; ${escapeXml(machine.cpu)}, Node ${escapeXml(machine.node)}, ${escapeXml(machine.date)} UTC</text>`,
    ...lines,
    '</svg>',
    ''
  ].join('\n')
}

function heading(title: string, y: number): string {
  return `<text x="12" y="${y + BAR - 4}" font-weight="600" fill="#111111">${escapeXml(title)}</text>`
}

function bar({ label, isPeer, addedMicros }: RowResult, y: number, scale: number): string {
  const { median, least, most } = addedMicros ?? { median: 0, least: 0, most: 0 }
  const at = (value: number) => (LABELS + Math.max(0, value) * scale).toFixed(1)
  const width = Math.max(1, Math.max(0, median) * scale).toFixed(1)
  const middle = y + BAR / 2
  return [
    `<text x="${LABELS - 8}" y="${y + BAR - 4}" text-anchor="end" fill="#111111">${escapeXml(label)}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" fill="${isPeer ? '#b9bec7' : '#2563a8'}"/>`,
    `<line x1="${at(least)}" x2="${at(most)}" y1="${middle}" y2="${middle}" stroke="#111111"/>`,
    `<text x="${(Number(at(Math.max(median, most))) + 6).toFixed(1)}" y="${y + BAR - 4}" fill="#111111">${median.toFixed(1)}</text>`
  ].join('')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
