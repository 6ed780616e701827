import type { FastifyInstance } from 'fastify'

/** What several plugins and applications of one process may share: logins, credentials. */
export interface SharedResource {
  /** False where it is closed by the code that made it. Default true. */
  readonly closeWithApp?: boolean
  /** Absent where there is nothing to close. */
  close?(): unknown
}

/** Global, since two copies of this package may be loaded. */
const USERS = Symbol.for('drawbridge.users')

/** How many plugins use each resource. */
const users: WeakMap<SharedResource, number> = ((globalThis as { [USERS]?: WeakMap<SharedResource, number> })[
  USERS
] ??= new WeakMap())

/**
 * Closes the resources with the application, once no request is in flight: with the last one of this process that uses them.
 * Fastify runs these hooks in reverse order, so that a hook which was added before the plugin may close a database that the
 * resource still writes to.
 */
export function closeWithApp(app: FastifyInstance, ...resources: readonly SharedResource[]): void {
  for (const resource of resources) {
    if (resource.close === undefined || resource.closeWithApp === false) continue
    users.set(resource, countUsers(resource) + 1)
    app.addHook('onClose', () => release(resource))
  }
}

async function release(resource: SharedResource): Promise<void> {
  users.set(resource, countUsers(resource) - 1)
  if (countUsers(resource) === 0) await resource.close?.()
}

const countUsers = (resource: SharedResource): number => users.get(resource) ?? 0
