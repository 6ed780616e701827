// Coverage counts only files that some test loads. This loads all of them, so that an untested file counts too.
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
