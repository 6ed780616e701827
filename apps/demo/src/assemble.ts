import { createCredentials, type Credentials } from '@drawbridge/credentials'
import { createLogins, type Logins } from '@drawbridge/logins'
import type { TokenAuthOptions } from '@drawbridge/token-auth'
import type { Config } from './config.ts'
import { makeDataDir } from './data-dir.ts'
import { makeDevAccount } from './dev-account.ts'
import { loadSecret, loadTokenKeys } from './secrets.ts'
import { openStores } from './stores.ts'

/** What the service is made of, below its routes. */
export interface Parts {
  readonly credentials: Credentials
  readonly logins: Logins
  readonly secret: readonly string[]
  readonly keys: TokenAuthOptions['keys']
  /** Resolves when all that is kept elsewhere answers. */
  readonly ping: () => Promise<unknown>
  readonly close: () => Promise<void>
}

const MIN_RETENTION_SECONDS = 900
const CLOCKS_APART_SECONDS = 60

/** Makes the parts from the configuration. `onError` is told of faults that no request waits for. */
export async function assemble(config: Config, onError: (error: unknown) => void): Promise<Parts> {
  await makeDataDir(config)
  const [secret, keys] = await Promise.all([loadSecret(config), loadTokenKeys(config)])
  const { users, logins: store, close } = await openStores(config, onError)
  if (!config.isProduction) await makeDevAccount(users)
  const credentials = createCredentials({
    users,
    throttle: {
      attemptsPerAccount: config.attemptsPerAccount,
      attemptsPerAddress: config.attemptsPerAddress,
      windowSeconds: config.attemptsWindowSeconds
    },
    hashing: { concurrency: config.hashingConcurrency, queue: config.hashingQueue },
    onError
  })
  const logins = createLogins({
    store,
    touchIntervalSeconds: config.touchIntervalSeconds,
    // An ended login is remembered for longer than any access token lives.
    retentionSeconds: Math.max(MIN_RETENTION_SECONDS, config.accessTokenTtlSeconds + CLOCKS_APART_SECONDS),
    onError
  })
  return {
    credentials,
    logins,
    secret,
    keys,
    ping: () => Promise.all([logins.ping(), users.ping()]),
    close: async () => {
      await logins.close()
      await close()
    }
  }
}
