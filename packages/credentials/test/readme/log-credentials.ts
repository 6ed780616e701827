import { subscribe } from 'node:diagnostics_channel'
import type { CredentialsEvent } from '@drawbridge/credentials'

/** The part of Fastify's `app.log`, or of pino, that is used. */
interface Log {
  info(details: object, text: string): void
  warn(details: object, text: string): void
}

const warningTypes: ReadonlySet<CredentialsEvent['type']> = new Set(['suspicious-sign-in', 'throttled'])

/** Writes a line for each event of the process. */
export function logCredentials(log: Log): void {
  subscribe('drawbridge:credentials', (message) => {
    const event = message as CredentialsEvent
    if (warningTypes.has(event.type)) log.warn({ event }, `credentials: ${event.type}`)
    else log.info({ event }, `credentials: ${event.type}`)
  })
}
