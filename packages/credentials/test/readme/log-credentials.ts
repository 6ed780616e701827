import { subscribe } from 'node:diagnostics_channel'
import type { CredentialsEvent } from '@drawbridge/credentials'

/** As Fastify's `app.log` has it, and pino. */
interface Log {
  info(what: object, text: string): void
  warn(what: object, text: string): void
}

const warningTypes: ReadonlySet<CredentialsEvent['type']> = new Set(['suspicious-sign-in', 'throttled'])

/** A line for each event of the process. */
export function logCredentials(log: Log): void {
  subscribe('drawbridge:credentials', (message) => {
    const event = message as CredentialsEvent
    if (warningTypes.has(event.type)) log.warn({ event }, `credentials: ${event.type}`)
    else log.info({ event }, `credentials: ${event.type}`)
  })
}
