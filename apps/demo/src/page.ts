import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const files = [
  { url: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { url: '/page.svg', file: 'page.svg', type: 'image/svg+xml' }
] as const

/** Routes of the page for trying the service by hand. Its files are read once. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  for (const { url, file, type } of files) {
    const content = await readFile(join(import.meta.dirname, 'public', file))
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content)
    )
  }
}
