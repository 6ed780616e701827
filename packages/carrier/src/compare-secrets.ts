import type { FastifyInstance } from 'fastify'
import type { CarrierLogins } from '@drawbridge/logins/carrier'

export interface CompareSecretsInput {
  readonly logins: CarrierLogins
  readonly secrets: readonly string[]
  /** What the secrets sign, apart from every other instance of a plugin. */
  readonly purpose: string
  /** The option that the secrets come from, such as `sessionAuth.secret`. */
  readonly option: string
}

/** Logs a warning where another node has other root secrets. In the background: boot neither waits for it nor fails by it. */
export function compareSecretsOnReady(
  app: FastifyInstance,
  { logins, secrets, purpose, option }: CompareSecretsInput
): void {
  const warn = () =>
    app.log.warn(
      `${option} differs between nodes with one store: one signs with a secret that the other does not know, and what it signs is ` +
        'invalid there. Give every node both secrets, and change which one is first only then (docs/scaling.md, "Changing the root ' +
        'secret"). Or another service uses the same store, and the logins of both are mixed: give each a prefix of its own. ' +
        'Fingerprints of a node that has stopped count for three minutes'
    )
  app.addHook('onReady', async () => void logins.compareSecrets(purpose, secrets, warn))
}
