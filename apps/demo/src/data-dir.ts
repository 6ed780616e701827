import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'

/** The files that this program creates there: secret, keys, SQLite databases and their journals. */
const OWN_FILES = /^(secret|token-keys-\w+\.json|(users|logins)\.db(-wal|-shm|-journal)?)$/

/** The permission bits of everybody but the owner. */
const GROUP_AND_OTHERS = 0o077

/**
 * Creates the data folder, readable by its owner alone, and makes the files in it private.
 *
 * @returns warnings for the log where others still have access. The permissions of a folder that existed before are
 * not changed: its owner may have had a reason, or it may not be ours to change.
 */
export async function prepareDataDir({ dataDir }: Pick<Config, 'dataDir'>): Promise<readonly string[]> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const ownFiles = (await readdir(dataDir)).filter((name) => OWN_FILES.test(name))
    const warnings = await Promise.all(ownFiles.map((name) => makePrivate(join(dataDir, name))))
    return [...(await describeExposure(dataDir, 700)), ...warnings.flat()]
  } catch (error) {
    throw new ConfigError([`DATA_DIR ${dataDir} cannot be created or written: ${(error as Error).message}`])
  }
}

/** A file that has disappeared meanwhile belongs to another process that is exiting. */
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
