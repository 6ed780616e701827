import type { CredentialsEvent } from '@drawbridge/credentials'
import type { LoginEvent } from '@drawbridge/logins'
import type { EntryHeardEvent, FeedEvent } from '@drawbridge/logins/redis'
import type { Instruments } from './instruments.ts'
import { listen, type Stop } from './listen.ts'

/** What this package reads of an event of `drawbridge:migration`. */
interface MigrationEvent {
  readonly migration: string
  readonly phase: string
  readonly name: string
}

/** Counts what the channels of Drawbridge have. */
export function countEvents({ count, record }: Instruments): readonly Stop[] {
  return [
    listen<CredentialsEvent>('drawbridge:credentials', (event) => {
      const outcome = signInOutcome(event)
      if (outcome !== undefined) count('signIns', { 'drawbridge.outcome': outcome })
    }),
    listen<LoginEvent>('drawbridge:logins', (event) => countLoginEvent(count, event)),
    listen<FeedEvent | EntryHeardEvent>('drawbridge:feed', (event) => {
      if (event.type === 'error') count('feedErrors', { 'drawbridge.feed.log': event.log })
      if (event.type === 'heard' && event.kind === 'revoked')
        record('revocationLag', event.lagMs, { 'drawbridge.feed.log': event.log })
    }),
    listen<MigrationEvent>('drawbridge:migration', ({ migration, phase, name }) =>
      count('migrationCounts', {
        'drawbridge.migration.name': migration,
        'drawbridge.migration.phase': phase,
        'drawbridge.migration.count': name
      })
    )
  ]
}

/** A refresh token that is rejected is among the rejections. */
function countLoginEvent(count: Instruments['count'], event: LoginEvent): void {
  switch (event.type) {
    case 'login-created':
    case 'login-adopted':
      return count('loginsCreated', { 'drawbridge.carrier': event.carrier ?? 'none' })
    case 'login-refreshed':
      return count('refreshes', { 'drawbridge.outcome': 'refreshed' })
    case 'refresh-repeated':
      return count('refreshes', { 'drawbridge.outcome': 'repeated' })
    case 'refresh-token-reused':
      return count('refreshes', { 'drawbridge.outcome': 'reused' })
    case 'login-revoked':
      return count('loginsRevoked', { 'drawbridge.revoked.by': event.by })
    case 'login-expired':
      return count('loginsExpired', { 'drawbridge.expiry.limit': event.limit })
    case 'credential-rejected':
      return count('rejections', {
        'drawbridge.rejection.reason': event.reason,
        'drawbridge.carrier': event.carrier ?? 'several'
      })
    default:
  }
}

/** A change of the password is no sign-in, although it asks for one. */
function signInOutcome(event: CredentialsEvent): string | undefined {
  switch (event.type) {
    case 'sign-in-succeeded':
      return 'succeeded'
    case 'second-factor-required':
      return 'second-factor-required'
    case 'invalid-credentials':
      return FAILED[event.operation]
    case 'throttled':
      return event.operation === 'password-change' ? undefined : 'throttled'
    default:
      return undefined
  }
}

const FAILED = {
  'sign-in': 'invalid-credentials',
  'second-factor': 'invalid-second-factor',
  'password-change': undefined
} as const
