import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * The files of the repository whose path matches, from its root and with forward slashes; new files count too.
 * Git lists them because the links of node_modules lead from package to package in cycles.
 */
export function listFiles(pattern: RegExp): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && pattern.test(file) && existsSync(file))
}
