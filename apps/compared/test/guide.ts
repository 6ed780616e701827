import { readFileSync } from 'node:fs'
import { findRows, type Row } from '../../../scripts/markdown.ts'

const markdown = readFileSync(new URL('../../../docs/guides/coming-from.md', import.meta.url), 'utf8')

/** The rows of the tables under a heading of the guide that these tests check. */
export const readGuide = (heading: string): readonly Row[] => findRows(markdown, heading)
