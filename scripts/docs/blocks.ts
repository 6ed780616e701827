// The code blocks of a document, and the module that each one becomes together with its context.

/** What the comment above a block says about it: `<!-- example: with app, logins; continues; run cart -->`. */
interface Directives {
  /** Names that the block uses without declaring them, each from contexts.md. */
  readonly with: readonly string[]
  /** The block continues the one before it in the document. */
  readonly continues: boolean
  /** The driver that calls the module once it is loaded: a file of scripts/docs/run. */
  readonly run: string | null
  /** The test that runs it instead. */
  readonly runBy: string | null
  /** Why it is not run here. */
  readonly notRun: string | null
}

export interface Block {
  readonly file: string
  /** The number of its first line, counted from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  readonly directives: Directives
}

const FENCE = /^(?:<!-- example: ([^>]*?) -->\n+)?^```(\w*)\n(.*?)^```$/gms

export function parseBlocks(file: string, markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCE)].map(
    ({ index, 0: whole, 1: comment = '', 2: language = '', 3: text = '' }) => ({
      file,
      line: markdown.slice(0, index + whole.indexOf('```')).split('\n').length + 1,
      language,
      text,
      directives: parseDirectives(comment, file)
    })
  )
}

function parseDirectives(comment: string, file: string): Directives {
  const parts = comment.split(';').flatMap((part) => part.trim() || [])
  const after = (word: string) =>
    parts.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1) ?? null
  const unknown = parts.find((part) => !/^(with|run by|run|not run:) |^continues$/.test(part))
  if (unknown !== undefined) throw new Error(`${file}: unknown directive of an example: "${unknown}"`)
  const runBy = after('run by')
  return {
    with: after('with')?.split(', ') ?? [],
    continues: parts.includes('continues'),
    run: runBy === null ? after('run') : null,
    runBy,
    notRun: after('not run:')
  }
}

/** A TypeScript block as a file, with the place of each line in the document. */
export interface Module {
  readonly name: string
  readonly text: string
  readonly block: Block
  /** For each line of the module, counted from 0: the line of the document, or null. */
  readonly lines: readonly (number | null)[]
}

/** One module for each TypeScript block of one document. */
export function buildModules(blocks: readonly Block[]): readonly Module[] {
  const modules: Module[] = []
  for (const block of blocks.filter(({ language }) => language === 'ts' || language === 'js')) {
    const before = block.directives.continues ? modules.at(-1) : undefined
    if (block.directives.continues && before === undefined)
      throw new Error(`${block.file}:${block.line}: there is no block to continue`)
    modules.push(buildModule(block, before))
  }
  return modules
}

function buildModule(block: Block, before: Module | undefined): Module {
  const inherited = before === undefined ? [] : before.text.split('\n').slice(0, -1)
  const imports = block.directives.with
    .map((name) => `import { ${name} } from './with/${name}.js'`)
    .filter((line) => !inherited.includes(line))
  const own = block.text.trimEnd().split('\n')
  const names = own.flatMap((line) => /^(?:async function|function|const|class) (\w+)/.exec(line)?.[1] ?? [])
  const exported = new Set([
    ...(before === undefined ? [] : listExports(before.text)),
    ...block.directives.with,
    ...names
  ])
  return {
    name: `${block.file.replace(/\W+/g, '-')}-${block.line}`,
    block,
    text: [...imports, ...inherited, ...own, `export { ${[...exported].join(', ')} }`].join('\n'),
    lines: [
      ...imports.map(() => null),
      ...(before?.lines.slice(0, inherited.length) ?? []),
      ...own.map((_, at) => block.line + at),
      null
    ]
  }
}

/** The names that the last line of a module exports: all that a driver may want to call. */
function listExports(text: string): readonly string[] {
  return (
    /export \{ (.*) \}$/
      .exec(text)?.[1]
      ?.split(', ')
      .filter((name) => name !== '') ?? []
  )
}

/** The output of a compiler, with places in modules replaced by places in documents. */
export function mapToDocuments(output: string, modules: readonly Module[]): string {
  return output.replaceAll(/docs\/([\w-]+)\.ts[(:](\d+)[,:]\d+\)?/g, (place, name: string, line: string) => {
    const found = modules.find((module) => module.name === name)
    const at = found?.lines[Number(line) - 1]
    return found === undefined ? place : `${found.block.file}:${at ?? found.block.line}`
  })
}

/** The contexts of contexts.md, by name: the heading over each block. */
export function parseContexts(markdown: string): ReadonlyMap<string, string> {
  const sections = [...markdown.matchAll(/^## (\w+)\n+```ts\n(.*?)^```$/gms)]
  return new Map(sections.map(([, name = '', text = '']) => [name, text]))
}
