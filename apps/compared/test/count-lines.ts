import { readFileSync } from 'node:fs'
import { format } from 'prettier'

/** The lines of a file that are neither blank nor a comment, as prettier's defaults leave them. */
export async function countLines(file: string): Promise<number> {
  const text = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')
  const formatted = await format(text, { parser: 'typescript' })
  return formatted
    .replace(/^\s*\/\*\*.*?\*\/$/gms, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*\/\//.test(line)).length
}
