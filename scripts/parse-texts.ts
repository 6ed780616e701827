// The string literals of a source file, by the compiler's parser, without comments and identifiers.
import ts from 'typescript'

/** Each part of a template between placeholders is a text. */
export function parseTexts(source: string): readonly string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest)
  const texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || isStringPiece(node)) texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return texts
}

function isStringPiece(node: ts.Node): node is ts.TemplateLiteralLikeNode {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
}
