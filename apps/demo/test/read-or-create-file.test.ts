import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readOrCreateFile } from '../src/read-or-create-file.ts'
import { makeDataDir } from './start-demo.ts'

t.test('a file is created once and read from then on', async (t) => {
  const path = join(await makeDataDir(t), 'kept')
  t.equal(await readOrCreateFile(path, () => 'first'), 'first')
  t.equal(await readOrCreateFile(path, () => t.fail('created again') as never), 'first')
  t.equal((await stat(path)).mode & 0o777, 0o600)
})

t.test('of many that create it at once, all get the text of one', async (t) => {
  const folder = await makeDataDir(t)
  const path = join(folder, 'kept')
  const texts = await Promise.all(
    Array.from({ length: 50 }, (_, at) => readOrCreateFile(path, () => `text ${at}`))
  )
  t.equal(new Set(texts).size, 1)
  t.equal(await readFile(path, 'utf8'), texts[0])
  t.same(await readdir(folder), ['kept'])
})

t.test('an existing file that cannot be read is never replaced', async (t) => {
  const path = join(await makeDataDir(t), 'kept')
  await mkdir(path)
  await t.rejects(
    readOrCreateFile(path, () => 'anew'),
    { code: 'EISDIR' }
  )
})
