import type { Migrations } from '@drawbridge/bridge/migration'
import { describeBootError } from '../boot-error.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { describeStatus } from './describe-status.ts'
import { type MigrationCommand, parseCommand, USAGE } from './parse-command.ts'

/** Runs a command as one more node of the service, on the same stores, which listens on no port. */
async function main(command: MigrationCommand, config: Config): Promise<void> {
  // A mistake in the command is to be said at once.
  const { buildApp } = await import('../app.ts')
  const app = await buildApp({ ...config, logLevel: 'silent' })
  try {
    await app.ready()
    for (const line of await run(command, app.migrations)) console.log(line)
  } finally {
    await app.close()
  }
}

async function run(command: MigrationCommand, migrations: Migrations): Promise<readonly string[]> {
  switch (command.kind) {
    case 'status': {
      const all = await Promise.all(migrations.names.map((name) => migrations.status(name)))
      return all.flatMap(describeStatus)
    }
    case 'move': {
      const { name, phase, by, lose } = command
      return describeStatus(await migrations.move(name, phase, { by, ...(lose !== undefined && { lose }) }))
    }
    case 'sweep': {
      const { revokedCount } = await migrations.sweep(command.name)
      const { phase } = await migrations.status(command.name)
      return [
        phase === 'retired'
          ? `${revokedCount} logins that the other system still led are revoked. There is no way back.`
          : `${revokedCount} logins that had ended in the other system are revoked.`
      ]
    }
    case 'bar': {
      const { barredUpTo } = await migrations.barAll(command)
      return [
        `Logins there from before ${new Date(barredUpTo).toISOString()} that were not taken over are refused.`
      ]
    }
    case 'end': {
      const { revokedCount } = await migrations.revokeAdopted(command.name, command)
      return [`${revokedCount} logins that were made since ${command.since.toISOString()} are revoked.`]
    }
  }
}

const command = parseCommand(process.argv.slice(2))
if (command === null) {
  console.error(USAGE)
  process.exit(2)
}
try {
  const config = readConfig(process.env)
  if (config.migrateFrom === 'none') throw new ConfigError(['MIGRATE_FROM is not set: there is no migration'])
  const revokes = command.kind === 'sweep' || command.kind === 'end'
  if (revokes && config.redis === undefined)
    console.error(
      'Restart the service after this: without REDIS_URL it does not learn which logins are revoked.'
    )
  await main(command, config)
} catch (error) {
  console.error(`Nothing was done: ${describe(error)}`)
  process.exitCode = 1
}

function describe(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return code === 'DRAWBRIDGE_MIGRATION_STEP' ? message : describeBootError(error)
}
