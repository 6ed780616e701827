import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'

/** What this program keeps there: secret, keys, and the files of SQLite with what stands beside them. */
const OWN_FILES = /^(secret|token-keys-\w+\.json|(users|logins)\.db(-wal|-shm|-journal)?)$/

/** The permissions of everybody but the owner. */
const GROUP_AND_OTHERS = 0o077

/**
 * Makes the data folder, for this user's eyes alone, and takes what is in it from others' eyes.
 *
 * @returns what others may do all the same, as sentences for the log. A folder that was there before stays as it is:
 *   who made it may have had a reason, or it may not be ours to change.
 */
export async function prepareDataDir({ dataDir }: Pick<Config, 'dataDir'>): Promise<readonly string[]> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const ownFiles = (await readdir(dataDir)).filter((name) => OWN_FILES.test(name))
    const warnings = await Promise.all(ownFiles.map((name) => makePrivate(join(dataDir, name))))
    return [...(await describeExposure(dataDir, 700)), ...warnings.flat()]
  } catch (error) {
    throw new ConfigError([`DATA_DIR ${dataDir} cannot be made or written: ${(error as Error).message}`])
  }
}

/** A file that is gone by now belongs to another process that is ending. */
async function makePrivate(path: string): Promise<readonly string[]> {
  try {
    if (((await stat(path)).mode & GROUP_AND_OTHERS) !== 0) await chmod(path, 0o600)
    return []
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    return describeExposure(path, 600)
  }
}

async function describeExposure(path: string, recommendedMode: number): Promise<readonly string[]> {
  const mode = (await stat(path)).mode & 0o777
  if ((mode & GROUP_AND_OTHERS) === 0) return []
  return [
    `DATA_DIR: ${path} is open to other users of this machine (${mode.toString(8)}): chmod ${recommendedMode} it`
  ]
}
