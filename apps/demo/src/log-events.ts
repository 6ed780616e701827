import { type CredentialsEvent, credentialsChannel } from '@drawbridge/credentials'
import { type LoginEvent, loginsChannel } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import { hostname } from 'node:os'
import { openAuditFile } from './audit-file.ts'
import type { Config } from './config.ts'

/** Which channel an event is of. */
type Source = 'credentials' | 'logins'
type AnyEvent = CredentialsEvent | LoginEvent
type Write = (source: Source, event: AnyEvent) => void

/** What events call this process: several nodes of a demonstration are on one machine. */
export const NODE_NAME = `${hostname()}:${process.pid}`

const suspiciousTypes: ReadonlySet<AnyEvent['type']> = new Set([
  'suspicious-sign-in',
  'throttled',
  'throttle-degraded',
  'refresh-token-reused'
])

/**
 * The audit log: who has signed in or tried to, from where, what became of each login, and why. Each event is a line of the log, or of a
 * file of its own where `AUDIT_LOG` is set.
 *
 * @throws ConfigError where the file cannot be opened.
 */
export async function logEvents(
  app: FastifyInstance,
  { auditLog }: Pick<Config, 'auditLog'>,
  onError: (error: unknown) => void
): Promise<void> {
  const file = auditLog === undefined ? undefined : await openAuditFile(auditLog, onError)
  const write: Write = file === undefined ? toLog(app) : (source, event) => file.write(toLine(source, event))
  const listeners = [
    [credentialsChannel, (event: unknown) => write('credentials', event as CredentialsEvent)],
    [loginsChannel, (event: unknown) => write('logins', event as LoginEvent)]
  ] as const
  for (const [channel, listen] of listeners) channel.subscribe(listen)
  app.addHook('onClose', async () => {
    for (const [channel, listen] of listeners) channel.unsubscribe(listen)
    await file?.close()
  })
}

function toLog(app: FastifyInstance): Write {
  return (source, event) => {
    const level = suspiciousTypes.has(event.type) ? 'warn' : 'info'
    app.log[level]({ event }, `${source}: ${event.type}`)
  }
}

/** One line of JSON. The events of credentials have neither a time nor a node. */
function toLine(source: Source, event: AnyEvent): string {
  const { at = Date.now(), ...members } = event as AnyEvent & { readonly at?: number }
  return JSON.stringify({ time: new Date(at).toISOString(), node: NODE_NAME, source, ...members })
}
