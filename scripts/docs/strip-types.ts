import ts from 'typescript'

/** A module of TypeScript as the JavaScript that a browser loads. */
export function stripTypes(module: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  return ts.transpileModule(module, { compilerOptions }).outputText
}
