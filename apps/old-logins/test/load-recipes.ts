import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OldLogins } from '@drawbridge/bridge/old-logins'
import t from 'tap'
import ts from 'typescript'
import { buildModules, parseBlocks } from '../../../scripts/docs/blocks.ts'

const DOCUMENT = 'docs/migration/recipes.md'

/** A function that a block of the document exports. */
export type Recipe = (...args: readonly unknown[]) => OldLogins | Promise<OldLogins>

/** The recipes of the document by name, each as its block has it. */
export async function loadRecipes(): Promise<ReadonlyMap<string, Recipe>> {
  // Where Node finds what the blocks import.
  const folder = mkdtempSync(join(resolve(import.meta.dirname, '../node_modules'), '.recipes-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const recipes = new Map<string, Recipe>()
  for (const { name, text } of buildModules(parseBlocks(DOCUMENT, readFileSync(DOCUMENT, 'utf8')))) {
    const file = join(folder, `${name}.mjs`)
    writeFileSync(file, transpile(text))
    const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, Recipe>>
    for (const [, recipe = ''] of text.matchAll(/^export (?:async )?function (\w+)/gm))
      recipes.set(recipe, exported[recipe] as Recipe)
  }
  return recipes
}

function transpile(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
