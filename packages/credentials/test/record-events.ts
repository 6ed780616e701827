import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Test } from 'tap'
import type { CredentialsEvent } from '../src/index.ts'

/** Records the events from now until the test ends. */
export function recordEvents(t: Test): CredentialsEvent[] {
  const events: CredentialsEvent[] = []
  const listen = (message: unknown): void => void events.push(message as CredentialsEvent)
  subscribe('drawbridge:credentials', listen)
  t.teardown(() => unsubscribe('drawbridge:credentials', listen))
  return events
}
