// Coverage counts only files that some test loads. Loading all of them here keeps a file that no
// test touches from staying out of the count.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

const packages = resolve(import.meta.dirname, '../../packages')
const isSource = /^[^/]+\/src\/.*(?<!\.d)\.ts$/
const files = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter((file) =>
  isSource.test(file)
)

t.test('every source file of the packages loads', async (t) => {
  t.not(files.length, 0)
  for (const file of files) {
    await t.resolves(import(pathToFileURL(join(packages, file)).href), file)
  }
})
