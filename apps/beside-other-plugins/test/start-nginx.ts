import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type RunningProcess, startProcess } from '@drawbridge/test-support/processes/start-process'

const PROGRAM = '/usr/sbin/nginx'

/** The `skip` of tests that need a proxy. */
export const noNginx = existsSync(PROGRAM) ? false : 'no nginx here (apt-get install nginx)'

/**
 * Starts nginx before an application on a Unix socket, with WebSockets, as in its documentation; stopped with the
 * test. It appends to X-Forwarded-For and forwards requests without buffering.
 */
export async function startNginx(t: Test, socketPath: string): Promise<{ readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-nginx-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (;;) {
    const port = await freePort()
    const file = join(folder, 'nginx.conf')
    await writeFile(file, settings(folder, port, socketPath))
    const started = await start(t, file)
    if (started !== null) return { url: `http://127.0.0.1:${port}` }
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
const settings = (folder: string, port: number, socketPath: string) => `
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
    map $http_upgrade $connection_upgrade {
      default upgrade;
      '' '';
    }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://unix:${socketPath};
        proxy_http_version 1.1;
        proxy_request_buffering off;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
      }
    }
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
