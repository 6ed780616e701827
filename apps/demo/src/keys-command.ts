import { generateSigningKey } from '@drawbridge/token-auth'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError, readConfig } from './config.ts'

/** pnpm runs a script in its package's folder; a path is meant from where the command was typed. */
const from = process.env.INIT_CWD ?? process.cwd()

/**
 * Makes what production needs: a root secret, and a file with a private key. Prints the lines for the environment. A file
 * that is there is never replaced: what it signed would be worth nothing.
 */
async function main(name: string): Promise<void> {
  const { tokenAlgorithm } = readConfig({ TOKEN_ALGORITHM: process.env.TOKEN_ALGORITHM })
  const path = resolve(from, name)
  const text = `${JSON.stringify({ keys: [generateSigningKey(tokenAlgorithm)] }, null, 2)}\n`
  await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  console.log(`DRAWBRIDGE_SECRET=${randomBytes(32).toString('base64url')}`)
  console.log(`TOKEN_KEYS=${path}`)
}

const [name = 'token-keys.json', ...more] = process.argv.slice(2)
if (more.length > 0 || name.startsWith('-')) {
  console.error('Usage: pnpm --filter demo keys [file]')
  process.exit(2)
}
try {
  await main(name)
} catch (error) {
  console.error(`No keys were made: ${describe(error, name)}`)
  process.exitCode = 1
}

function describe(error: unknown, file: string): string {
  if (error instanceof ConfigError) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'EEXIST' ? `${file} exists, and is not replaced. Name another file` : message
}
