import { readFileSync } from 'node:fs'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'

const GUIDE = 'docs/guides/other-services.md'
const text = readFileSync(new URL(`../../../../${GUIDE}`, import.meta.url), 'utf8')

/** The Redis user of the guide, which may only read, as a line of an ACL file. */
export function readAcl(): {
  readonly name: string
  readonly password: string
  readonly rules: readonly string[]
} {
  const line = parseBlocks(GUIDE, text).find((block) => block.text.startsWith('user '))?.text ?? ''
  const [, name = '', ...rules] = line.trim().split(/\s+/)
  return { name, rules, password: rules.find((rule) => rule.startsWith('>'))?.slice(1) ?? '' }
}

/** What the guide adds to it for a Cluster. */
export function readClusterRules(): readonly string[] {
  return /In a Cluster add\s+`([^`]+)`/.exec(text)?.[1]?.split(' ') ?? []
}
