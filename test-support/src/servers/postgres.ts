import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A Postgres server of a test. */
export interface Postgres {
  readonly url: string
  stop(): Promise<void>
}

const DEBIAN = '/usr/lib/postgresql'

/** Starts a Postgres with data of its own, which `stop` deletes. Null where none is installed. */
export async function startPostgres(): Promise<Postgres | null> {
  const binaries = findBinaries()
  const owner = findOwner()
  if (binaries === null || owner === null) return null
  const folder = mkdtempSync('/tmp/drawbridge-postgres-')
  if ('uid' in owner) chownSync(folder, owner.uid, owner.gid)
  const options = { ...owner, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } }

  const initdb = ['-D', `${folder}/data`, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync']
  const initialized = spawnSync(path.join(binaries, 'initdb'), initdb, { ...options, encoding: 'utf8' })
  if (initialized.status !== 0) throw new Error(`initdb: ${initialized.stderr}`)

  const serve = (port: number) => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
    const args = ['-D', `${folder}/data`, ...settings.flatMap((setting) => ['-c', setting])]
    return spawn(path.join(binaries, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const { port, server, exited } = await startOnFreePort(serve)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill('SIGTERM') // waits until the last client has disconnected
      await exited
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function findBinaries(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const folders = [
    ...versions.map((version) => `${DEBIAN}/${version}/bin`),
    ...(process.env['PATH'] ?? '').split(':')
  ]
  return folders.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null
}

/** Postgres does not run as root; its package creates a user for it. */
function findOwner(): { readonly uid: number; readonly gid: number } | Record<never, never> | null {
  if (userInfo().uid !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout, 10)
  )
  return uid !== undefined && gid !== undefined && uid > 0 ? { uid, gid } : null
}

type Server = ChildProcessByStdio<null, null, Readable>

/** A port that is free now may be taken the next moment, and Postgres does not choose one by itself. */
async function startOnFreePort(serve: (port: number) => Server) {
  for (;;) {
    const port = await freePort()
    const server = serve(port)
    const exited = once(server, 'exit')
    const failure = await waitForStartup(server)
    if (failure === null) return { port, server, exited }
    if (!failure.includes('Address already in use')) throw new Error(`postgres: ${failure}`)
    await exited
  }
}

/** Null when it is ready, or what it printed before it exited. */
async function waitForStartup({ stderr }: Server): Promise<string | null> {
  const lines: string[] = []
  for await (const line of createInterface(stderr)) {
    lines.push(line)
    if (!line.includes('ready to accept connections')) continue
    stderr.resume()
    return null
  }
  return lines.join('\n')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
