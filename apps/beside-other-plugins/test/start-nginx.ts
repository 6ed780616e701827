import { startNginx as startServer } from '@drawbridge/test-support/servers/nginx'
import type { Test } from 'tap'

/**
 * Starts nginx before an application on a Unix socket, with WebSockets, as in its documentation; stopped with the
 * test. It appends to X-Forwarded-For and forwards requests without buffering.
 */
export async function startNginx(t: Test, socketPath: string): Promise<{ readonly url: string }> {
  const port = await startServer(t, (at) => settings(at, socketPath))
  return { url: `http://127.0.0.1:${port}` }
}

const settings = (port: number, socketPath: string) => `
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
`
