import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'

/**
 * The text of a file that is created once; `make` gives its text where it is missing. The file appears whole or not
 * at all, and processes that start together all get the text of the first one.
 */
export async function readOrCreateFile(path: string, createText: () => string): Promise<string> {
  return (await readIfExists(path)) ?? (await createOnce(path, createText()))
}

async function readIfExists(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** A link is a rename that fails where the name is taken, so that no file is ever replaced. */
async function createOnce(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`
  await writeDurably(draft, text)
  try {
    await link(draft, path)
    return text
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return await readFile(path, 'utf8')
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { code?: unknown } | null)?.code === code
}
