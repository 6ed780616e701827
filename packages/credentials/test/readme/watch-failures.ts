import { subscribe } from 'node:diagnostics_channel'
import type { CredentialsEvent } from '@drawbridge/credentials'

const MAX_FAILURES = 100

/** Reports accounts with too many failures in a row. With several nodes, store the counts beside the users. */
export function watchFailures(onTooManyFailures: (userId: string) => void): void {
  const failures = new Map<string, number>()
  subscribe('drawbridge:credentials', (message) => {
    const event = message as CredentialsEvent
    if (
      event.type === 'sign-in-succeeded' ||
      event.type === 'password-changed' ||
      event.type === 'password-set'
    )
      failures.delete(event.userId)
    if (event.type !== 'invalid-credentials' || event.userId === null) return
    const count = (failures.get(event.userId) ?? 0) + 1
    failures.set(event.userId, count)
    if (count === MAX_FAILURES) onTooManyFailures(event.userId)
  })
}
