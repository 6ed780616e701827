import { channel } from 'node:diagnostics_channel'
import type { Phase } from '@drawbridge/logins'
import type { CountName } from './counts.ts'

/** What a node has counted once. */
export interface MigrationEvent {
  /** The name of the migration. */
  readonly migration: string
  readonly phase: Phase
  /** As in `counts` of the status. */
  readonly name: CountName
}

/**
 * A `diagnostics_channel` named `drawbridge:migration`. Each message is a {@link MigrationEvent} of this process, for metrics. It has
 * nothing of a user or of a credential.
 */
export const migrationChannel = channel('drawbridge:migration')
