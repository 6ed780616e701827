import { generateSigningKey, type TokenAuthOptions } from '@drawbridge/token-auth'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { readOrCreateFile } from './read-or-create-file.ts'

/** DRAWBRIDGE_SECRET, or one created once in the data folder, so that logins survive a restart in development. */
export async function loadSecret({
  secret,
  dataDir
}: Pick<Config, 'secret' | 'dataDir'>): Promise<readonly string[]> {
  if (secret !== undefined) return secret
  const stored = await readOrCreateFile(
    join(dataDir, 'secret'),
    () => `${randomBytes(32).toString('base64url')}\n`
  )
  return [stored.trim()]
}

/** The private JWK Set of TOKEN_KEYS, or one created once for TOKEN_ALGORITHM. */
export async function loadTokenKeys({
  tokenKeysFile,
  tokenAlgorithm,
  dataDir
}: Pick<Config, 'tokenKeysFile' | 'tokenAlgorithm' | 'dataDir'>) {
  if (tokenKeysFile !== undefined) return parseJwkSet(tokenKeysFile, await readTokenKeys(tokenKeysFile))
  const path = join(dataDir, `token-keys-${tokenAlgorithm.toLowerCase()}.json`)
  const createKeys = () => `${JSON.stringify({ keys: [generateSigningKey(tokenAlgorithm)] }, null, 2)}\n`
  return parseJwkSet(path, await readOrCreateFile(path, createKeys))
}

async function readTokenKeys(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ConfigError([`TOKEN_KEYS cannot be read: ${(error as Error).message}`])
  }
}

/** The message of JSON.parse is left out: it quotes the text, and the text is a private key. */
function parseJwkSet(path: string, text: string): TokenAuthOptions['keys'] {
  try {
    return JSON.parse(text) as TokenAuthOptions['keys']
  } catch {
    throw new ConfigError([`TOKEN_KEYS ${path} must be a file that contains a JWK Set, got no JSON`])
  }
}
