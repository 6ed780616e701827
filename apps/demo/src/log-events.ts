import { type CredentialsEvent, credentialsChannel } from '@drawbridge/credentials'
import type { FastifyInstance } from 'fastify'

const suspiciousTypes: ReadonlySet<CredentialsEvent['type']> = new Set([
  'suspicious-sign-in',
  'throttled',
  'throttle-degraded'
])

/** Logs each event of credentials: the user who signed in or tried to, the address, and why it failed. */
export function logCredentials(app: FastifyInstance): void {
  const listen = (message: unknown): void => {
    const event = message as CredentialsEvent
    const level = suspiciousTypes.has(event.type) ? 'warn' : 'info'
    app.log[level]({ event }, `credentials: ${event.type}`)
  }
  credentialsChannel.subscribe(listen)
  app.addHook('onClose', async () => {
    credentialsChannel.unsubscribe(listen)
  })
}
