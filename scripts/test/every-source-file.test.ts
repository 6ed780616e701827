// Coverage counts only files that some test loads. This loads all of them, so that an untested file counts too.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { listFiles } from '../list-files.ts'
import { ownScript } from '../../test-support/src/processes/own-script.ts'

/** The one that this test is part of: compiled, where this is. */
const WORKSPACE = resolve(import.meta.dirname, '../..')
const files = listFiles(/^packages\/[^/]+\/src\/.*(?<!\.d)\.ts$/)

t.test('every source file of the packages loads', async (t) => {
  t.not(files.length, 0)
  for (const file of files) {
    await t.resolves(import(pathToFileURL(resolve(WORKSPACE, ownScript(file))).href), file)
  }
})
