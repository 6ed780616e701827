import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { account, buildDemo } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'

/** The permissions of the files in a folder, and of the folder as `.`. */
async function modesIn(folder: string): Promise<Record<string, string>> {
  const names = ['.', ...(await readdir(folder))]
  const modes = names.map(async (name) => [name, ((await stat(join(folder, name))).mode & 0o777).toString(8)])
  return Object.fromEntries(await Promise.all(modes)) as Record<string, string>
}

const files = ['logins.db', 'logins.db-shm', 'logins.db-wal', 'secret', 'token-keys-eddsa.json']
const all = [...files, 'users.db', 'users.db-shm', 'users.db-wal']

t.test('L11: files in the data folder are readable by their owner only', async (t) => {
  const umask = process.umask(0)
  t.teardown(() => process.umask(umask))
  const DATA_DIR = join(await makeDataDir(t), 'made', 'at start')
  const app = await buildDemo(t, { DATA_DIR })
  for (const url of ['/session/login', '/token/login']) {
    t.equal((await app.inject({ method: 'POST', url, payload: account })).statusCode, 200)
  }
  t.same(await modesIn(DATA_DIR), { '.': '700', ...Object.fromEntries(all.map((name) => [name, '600'])) })
})

t.test(
  'L11: files that others could read are made private, and an open folder gives a warning',
  async (t) => {
    const DATA_DIR = join(await makeDataDir(t), 'made before')
    await mkdir(DATA_DIR)
    await (await buildDemo(t, { DATA_DIR })).close()
    await chmod(DATA_DIR, 0o755)
    for (const name of await readdir(DATA_DIR)) await chmod(join(DATA_DIR, name), 0o644)

    const lines: string[] = []
    await buildDemo(t, { DATA_DIR }, { write: (line) => lines.push(line) })
    const { '.': folder, ...rest } = await modesIn(DATA_DIR)
    t.equal(folder, '755', 'it is not changed')
    t.same(new Set(Object.values(rest)), new Set(['600']))
    const warnings = lines
      .map((line) => JSON.parse(line) as { msg: string })
      .filter(({ msg }) => /DATA_DIR/.test(msg))
    t.match(warnings, [{ level: 40, msg: /made before is open to other users .*\(755\): chmod 700 it$/ }])
  }
)

t.test('L11: a user database elsewhere is readable by its owner only', async (t) => {
  const umask = process.umask(0)
  t.teardown(() => process.umask(umask))
  const folder = await makeDataDir(t)
  await buildDemo(t, { DATABASE_URL: `sqlite:${join(folder, 'people.db')}` })
  const { '.': _folder, ...modes } = await modesIn(folder)
  t.match(modes, { 'people.db': '600' })
  t.same(new Set(Object.values(modes)), new Set(['600']))
})
