// The imports of a source file, by the compiler's parser.
import ts from 'typescript'

export interface Import {
  readonly specifier: string
  readonly typesOnly: boolean
  readonly line: number
}

/** The specifier that `node` imports, if any, and whether it imports types only. */
function toImport(node: ts.Node): { specifier: string; typesOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node))
    return toNamedImport(node.moduleSpecifier, node.importClause?.isTypeOnly === true)
  if (ts.isExportDeclaration(node)) return toNamedImport(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node))
    return toNamedImport(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
  if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) return toNamedImport(node.name, true)
  if (ts.isExternalModuleReference(node)) return toNamedImport(node.expression, false)
  if (ts.isCallExpression(node) && loadsModule(node)) return toNamedImport(node.arguments[0], false, node)
  return undefined
}

function loadsModule({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  )
}

/** A dynamic import of a computed specifier counts too, by its own text, which no table allows. */
function toNamedImport(specifier: ts.Node | undefined, typesOnly: boolean, computed?: ts.Node) {
  if (specifier && ts.isStringLiteralLike(specifier)) return { specifier: specifier.text, typesOnly }
  return computed && { specifier: computed.getText(), typesOnly }
}

/**
 * Every import of a source file. `import { type A } from 'x'` counts as an import of the value: under
 * verbatimModuleSyntax it still loads x when it runs.
 */
export function parseImports(text: string): Import[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true)
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1
  const found: Import[] = source.typeReferenceDirectives.map((reference) => {
    return { specifier: reference.fileName, typesOnly: true, line: lineOf(reference.pos) }
  })
  const visit = (node: ts.Node): void => {
    const edge = toImport(node)
    if (edge) found.push({ ...edge, line: lineOf(node.getStart()) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
