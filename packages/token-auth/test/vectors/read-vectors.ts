import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'

/** Beside the project's folder: see README.md. */
const FOLDER = pathToFileURL(join(process.cwd(), '../shared/vectors/'))

/** A test of files that are not part of this repository. Without them it says so, by its name too: no failure of ours. */
export function testOfVectors(name: string, paths: readonly string[], run: (t: Test) => Promise<void>): void {
  const missing = paths.filter((path) => !existsSync(new URL(path, FOLDER)))
  if (missing.length === 0) return void t.test(name, run)
  const why = `${missing.join(', ')} not there in ${fileURLToPath(FOLDER)} (test/vectors/README.md says where from)`
  void t.test(`NOT RUN: ${name}`, async (t) => t.pass(why))
}

export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8')) as T
}
