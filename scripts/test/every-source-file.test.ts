// Coverage counts only files that some test loads. Loading all of them here keeps a file that no
// test touches from staying out of the count.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { listFiles } from '../list-files.ts'

const files = listFiles(/^packages\/[^/]+\/src\/.*(?<!\.d)\.ts$/)

t.test('every source file of the packages loads', async (t) => {
  t.not(files.length, 0)
  for (const file of files) {
    await t.resolves(import(pathToFileURL(resolve(file)).href), file)
  }
})
