/**
 * Replaces the text between `<!-- name:start -->` and `<!-- name:end -->` of a document. @throws where the marks are
 * missing.
 */
export function splice(document: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const [from, to] = [document.indexOf(start), document.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`the document has no marks for ${name}`)
  return `${document.slice(0, from + start.length)}\n\n${text}\n\n${document.slice(to)}`
}
