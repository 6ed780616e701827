import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { OptionError, plainError } from '@drawbridge/options'
import type { FastifyInstance } from 'fastify'
import { createCounts } from './counts.ts'
import type { Move } from './engine.ts'
import { migrationChannel } from './migration-channel.ts'
import { askOld } from './old-side.ts'
import type { ParsedMigration, ParsedOptions } from './options.ts'
import { PhaseWatch } from './phase-watch.ts'

/** @throws OptionError where the store of the logins can keep no phase. */
export function createMove(
  app: FastifyInstance,
  migration: ParsedMigration,
  logins: CarrierLogins,
  { monotonicNow, requestTimeoutSeconds }: Pick<ParsedOptions, 'monotonicNow' | 'requestTimeoutSeconds'>
): Move {
  const { name, from } = migration
  const { adoptions } = logins
  if (adoptions === undefined)
    throw new OptionError(
      'migrations needs a store of logins with `adoptions`, as those of @drawbridge/logins are'
    )
  const onError = (error: Error) =>
    app.log.error({ err: error, migration: name }, 'a migration does not know everything')
  return {
    migration,
    logins,
    adoptions,
    requestTimeoutMs: requestTimeoutSeconds * 1000,
    watch: new PhaseWatch({
      migration: name,
      readPhase: (each) => adoptions.readPhase(each),
      monotonicNow,
      onError
    }),
    counts: createCounts(
      (phase, changes) => adoptions.addCounts(name, phase, changes),
      (phase, count) => {
        if (migrationChannel.hasSubscribers) migrationChannel.publish({ migration: name, phase, name: count })
      }
    ),
    isForeign: typeof from !== 'string',
    isActiveThere:
      typeof from !== 'string' && from.keepsRecord
        ? (key) => askOld(name, () => from.isActive?.(key) ?? false)
        : null,
    countOld: async () => {
      try {
        return typeof from === 'string' ? null : ((await from.count?.()) ?? null)
      } catch (error) {
        // A step must not seem to have failed, once it was taken, where the other system is down.
        onError(plainError(error))
        return null
      }
    },
    onError
  }
}
