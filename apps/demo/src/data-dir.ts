import { access, constants, mkdir } from 'node:fs/promises'
import { type Config, ConfigError } from './config.ts'

/** Makes the data folder, for this user's eyes alone. */
export async function makeDataDir({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ConfigError([`DATA_DIR ${dataDir} cannot be made or written: ${(error as Error).message}`])
  }
}
