import { once } from 'node:events'
import { createServer } from 'node:net'
import { ConfigError } from './config.ts'

const TRIES = 1000

/** The first free port, counting up from `first`. @throws {@link ConfigError} where there is none. */
export async function freePortFrom(first: number, host = '127.0.0.1'): Promise<number> {
  for (let port = first; port < Math.min(first + TRIES, 65_536); port++) {
    if (await isFree(port, host)) return port
  }
  throw new ConfigError([`PORT: no free port from ${first} on`])
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, host), 'listening')
    await new Promise((resolve) => server.close(resolve))
    return true
  } catch {
    return false
  }
}
