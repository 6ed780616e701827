import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type RunningProcess, startProcess } from '../processes/start-process.ts'

const PROGRAM = '/usr/sbin/nginx'

/** The `skip` of tests that need a proxy. */
export const skipWithoutNginx = existsSync(PROGRAM) ? false : 'no nginx here (apt-get install nginx)'

/**
 * Starts nginx, stopped with the test.
 *
 * @param http what stands in `http { … }`, for the port at which it is to listen.
 * @returns that port.
 */
export async function startNginx(t: Test, http: (port: number) => string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-nginx-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (;;) {
    const port = await freePort()
    const file = join(folder, 'nginx.conf')
    await writeFile(file, settings(folder, http(port)))
    const started = await start(t, file)
    if (started !== null) return port
  }
}

/** Null where the port was taken meanwhile; nginx cannot choose one by itself. */
async function start(t: Test, file: string): Promise<RunningProcess | null> {
  // Through a shell, since nginx logs to standard error and `startProcess` reads standard output.
  const args = ['-c', 'exec "$0" "$@" 2>&1', PROGRAM, '-e', 'stderr', '-c', file]
  try {
    // Logged once it listens.
    return await startProcess(t, { command: '/bin/sh', args, ready: /notice.* nginx\/([\d.]+)/ })
  } catch (error) {
    if (String(error).includes('Address already in use')) return null
    throw error
  }
}

/** One process, which can be stopped by its pid and needs no user of its own. */
const settings = (folder: string, http: string) => `
  daemon off;
  master_process off;
  pid ${folder}/pid;
  error_log stderr notice;
  events {}
  http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    ${http}
  }
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
