import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { credentialsDefaults } from '@drawbridge/credentials'
import type { FastifyInstance } from 'fastify'
import { canRegister } from './account.ts'
import type { Config } from './config.ts'
import { OPERATOR_SCOPE } from './dependencies.ts'
import { rememberLimits } from './remember.ts'

const FILES = [
  'index.html',
  'page.css',
  'page.svg',
  'page.js',
  'account.js',
  'actions.js',
  'carriers.js',
  'claims.js',
  'doors.js',
  'elements.js',
  'explain.js',
  'forms.js',
  'keys.js',
  'migration.js',
  'obstacles.js',
  'panels.js',
  'records.js',
  'responses.js',
  'server.js',
  'show-passwords.js',
  'step-up.js'
]

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml'
}

/** Routes of the page that shows where the state of a login lives. Its files are read once. */
export async function pageRoutes(app: FastifyInstance, config: Config): Promise<void> {
  for (const file of FILES) {
    const content = await readFile(join(import.meta.dirname, 'public', file))
    app.get(file === 'index.html' ? '/' : `/${file}`, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(TYPES[extname(file)] as string)
        .header('cache-control', 'no-cache')
        .send(content)
    )
  }
  const facts = describeService(config)
  app.get('/page.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(facts)
  )
}

/** What the page cannot find out by itself: no script sees the attributes of an HttpOnly cookie. Nothing here is secret. */
function describeService(config: Config) {
  return {
    isProduction: config.isProduction,
    /** What those who cannot sign in may do. */
    account: { register: canRegister(config), forgot: canRegister(config) },
    passwordMinLength: credentialsDefaults.passwords.minLength,
    /** Those that somebody here may have. */
    scopes: config.operators.length === 0 ? [] : [OPERATOR_SCOPE],
    cookie: {
      name: config.cookieName,
      path: '/',
      httpOnly: true,
      secure: config.isProduction,
      sameSite: 'Lax'
    },
    sessionIdleTimeoutSeconds: config.sessionIdleTimeoutSeconds,
    sessionAbsoluteTimeoutSeconds: config.sessionAbsoluteTimeoutSeconds,
    remember: rememberLimits(config),
    refreshIdleTimeoutSeconds: config.refreshIdleTimeoutSeconds,
    refreshAbsoluteTimeoutSeconds: config.refreshAbsoluteTimeoutSeconds,
    maxStalenessMs: config.maxStalenessMs,
    /** The system that users are moved from, or null. */
    migration: config.migrateFrom === 'none' ? null : config.migrateFrom,
    nodes: config.nodes,
    /** The number of this node, from 1; 0 outside a cluster. */
    node: config.nodes.findIndex((node) => (new URL(node).port || '80') === String(config.port)) + 1
  }
}
