import { redisUrl } from '../redis-url.ts'
import { date, memberPath, names, oldSecrets, oneOf } from '../variable.ts'

/** The systems that the demo can take users over from. */
const SYSTEMS = ['none', 'express', 'flask', 'hs256'] as const

/** The variables of a migration. */
export const migrationVariables = {
  migrateFrom: oneOf('MIGRATE_FROM', 'none', SYSTEMS),
  migrateSecret: oldSecrets('MIGRATE_SECRET'),
  migrateRedisUrl: redisUrl('MIGRATE_REDIS_URL'),
  migrateUserField: memberPath('MIGRATE_USER_FIELD'),
  migrateAcceptUntil: date('MIGRATE_ACCEPT_UNTIL'),
  operators: names('OPERATORS')
} as const

interface Values {
  readonly migrateFrom: (typeof SYSTEMS)[number]
  readonly migrateSecret: readonly string[] | undefined
  readonly migrateRedisUrl: object | undefined
  readonly migrateUserField: readonly string[] | undefined
  readonly migrateAcceptUntil: Date | undefined
}

export function* migrationContradictions(values: Values): Generator<string> {
  const { migrateFrom, migrateSecret, migrateRedisUrl, migrateUserField, migrateAcceptUntil } = values
  if (migrateFrom === 'none') {
    const others = {
      MIGRATE_SECRET: migrateSecret,
      MIGRATE_REDIS_URL: migrateRedisUrl,
      MIGRATE_USER_FIELD: migrateUserField,
      MIGRATE_ACCEPT_UNTIL: migrateAcceptUntil
    }
    for (const [name, value] of Object.entries(others))
      if (value !== undefined) yield `${name} must be set only where MIGRATE_FROM is, and that is not`
    return
  }
  if (migrateSecret === undefined) yield `MIGRATE_SECRET must be set where MIGRATE_FROM is ${migrateFrom}`
  if ((migrateFrom === 'express') !== (migrateRedisUrl !== undefined))
    yield 'MIGRATE_REDIS_URL must be set where MIGRATE_FROM is express, and only there: its sessions are in Redis'
  if (migrateFrom === 'hs256' && migrateAcceptUntil === undefined)
    yield 'MIGRATE_ACCEPT_UNTIL must be set where MIGRATE_FROM is hs256: its tokens may never expire'
}
