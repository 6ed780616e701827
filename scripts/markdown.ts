/** A cell of a table, without padding. */
export type Row = readonly string[]

/** The rows of all tables from a heading to the next one, without header rows. */
export function findRows(markdown: string, heading: string): readonly Row[] {
  const sections = markdown.split(/^(?=#{1,6} )/m)
  const section = sections.find((text) => text.split('\n', 1)[0]?.replace(/^#+ /, '') === heading)
  if (section === undefined) throw new Error(`no heading "${heading}"`)
  return tableRows(section)
}

/** The rows of all tables of a document, without header rows. */
export function tableRows(markdown: string): readonly Row[] {
  const rows: Row[] = []
  let isInTable = false
  for (const line of markdown.split('\n')) {
    const isRow = line.startsWith('|')
    if (isRow && isInTable) rows.push(splitCells(line))
    isInTable = isRow
  }
  return rows.filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)))
}

function splitCells(line: string): Row {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

/** The texts in backticks. */
export function findCode(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string)
}
