import { expressSession, redisRows } from '@drawbridge/bridge/express-session'
import { flaskSession } from '@drawbridge/bridge/flask'
import { jwt } from '@drawbridge/bridge/jwt'
import type { GivenLogin, OldLogins } from '@drawbridge/bridge/migration'
import { readPath } from '@drawbridge/bridge/old-logins'
import type { Config } from '../config.ts'
import { createClient } from '../redis.ts'

const MIN_STRONG_BYTES = 32

/** The logins of the system that users are taken over from, and what closes their store. */
export interface OpenedOldLogins {
  readonly from: OldLogins
  readonly close: () => void
}

/** @returns null where MIGRATE_FROM is not set. @throws OptionError */
export function openOldLogins(config: Config, onError: (error: unknown) => void): OpenedOldLogins | null {
  const { migrateFrom, migrateSecret, migrateRedisUrl, isProduction } = config
  if (migrateFrom === 'none' || migrateSecret === undefined) return null
  const field = config.migrateUserField ?? (migrateFrom === 'express' ? ['passport', 'user'] : ['user_id'])
  const common = {
    secret: migrateSecret,
    cookie: { secure: isProduction },
    createSession: ({ username }: GivenLogin) => nest(field, username)
  }
  if (migrateRedisUrl !== undefined) {
    const redis = createClient(migrateRedisUrl)
    redis.on('error', onError)
    const getUserId = (row: object) => readPath(row, ...field)
    const from = expressSession({ ...common, store: redisRows({ redis }), getUserId })
    return { from, close: () => redis.disconnect() }
  }
  const weakSecret = migrateSecret.some((each) => Buffer.byteLength(each) < MIN_STRONG_BYTES)
  const from =
    migrateFrom === 'flask'
      ? flaskSession({ ...common, weakSecret, userIdField: field })
      : jwt({ algorithm: 'HS256', secret: migrateSecret, weakSecret, userIdClaim: field })
  return { from, close: () => {} }
}

/** `{ passport: { user: value } }` for the path `passport.user`. */
function nest([name = '', ...rest]: readonly string[], value: string): Readonly<Record<string, unknown>> {
  return { [name]: rest.length === 0 ? value : nest(rest, value) }
}
