import { type MigratedUser, migrations, type UserOf } from '@drawbridge/bridge/migration'
import { canonicalizeUsername, type UserStore } from '@drawbridge/credentials'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Dependencies } from '../dependencies.ts'
import { isLocked } from '../dev-account.ts'
import { migrationRoute } from './route.ts'
import { openOldLogins } from './old-logins.ts'

/** Takes users over from the system that MIGRATE_FROM names, if any. */
export async function registerMigration(
  app: FastifyInstance,
  config: Config,
  { logins, users, onError }: Pick<Dependencies, 'logins' | 'users' | 'onError'>
): Promise<void> {
  const old = openOldLogins(config, onError)
  if (old === null) return
  app.addHook('onClose', async () => old.close())
  const { migrateFrom: name, migrateAcceptUntil: acceptUntil, operators } = config
  await app.register(migrations, {
    migrations: [
      { name, from: old.from, userOf: findUser(users), ...(acceptUntil !== undefined && { acceptUntil }) }
    ],
    ...(operators.length > 0 && { operator: { guard: app.bridge.guard } })
  })
  migrationRoute(app, logins, name)
}

/**
 * Users have the same name in both systems, to the letter: two of there whose names differ by case alone must not be one here. One
 * who is disabled here, or locked, is not taken over.
 */
function findUser(users: UserStore): UserOf {
  return async ({ userId }): Promise<MigratedUser | null> => {
    const name = canonicalizeUsername(userId)
    const user = name === null ? null : await users.findByUsernameKey(name.key)
    if (user === null || user.username !== userId || user.disabled || isLocked(user)) return null
    return { id: user.id, username: user.username }
  }
}
