import { createCredentials, type Credentials, type UserStore } from '@drawbridge/credentials'
import { createLogins, type Logins } from '@drawbridge/logins'
import type { TokenAuthOptions } from '@drawbridge/token-auth'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import { makeDataDir } from './data-dir.ts'
import { lockDevAccount, makeDevAccount } from './dev-account.ts'
import { type LoginStores, openLoginStores } from './login-stores.ts'
import { loadSecret, loadTokenKeys } from './secrets.ts'
import { openUsers, type Users } from './users.ts'
import { faultLog, feedLog } from './watch-log.ts'

/** What the service is made of, below its routes. */
export interface Parts {
  readonly credentials: Credentials
  readonly logins: Logins
  readonly secret: readonly string[]
  readonly keys: TokenAuthOptions['keys']
  /** What is kept elsewhere, for readiness probes: each rejects when it does not answer. */
  readonly pings: Readonly<Record<'users' | 'logins' | 'feed' | 'clock', () => Promise<unknown>>>
  /** Of health, for who looks at it. */
  readonly notes: () => Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

const MIN_RETENTION_SECONDS = 900
const CLOCKS_APART_SECONDS = 60

/** Makes the parts from the configuration. The log is told of what no request waits for. */
export async function assemble(config: Config, log: FastifyBaseLogger): Promise<Parts> {
  const onError = faultLog(log)
  for (const warning of await makeDataDir(config)) log.warn(warning)
  const [secret, keys] = await Promise.all([loadSecret(config), loadTokenKeys(config)])
  // A revocation is remembered for longer than any access token lives, or is served while the store is down.
  const longest = Math.max(config.accessTokenTtlSeconds, config.serveForSeconds)
  const retentionSeconds = Math.max(MIN_RETENTION_SECONDS, longest + CLOCKS_APART_SECONDS)
  const users = await openUsers(config, onError)
  const kept = await openLoginStores(config, retentionSeconds, {
    onError,
    onWarning: (sentence) => log.warn(sentence),
    onFeedEvent: feedLog(log, onError)
  }).catch(async (error: unknown) => {
    await users.close()
    throw error
  })
  const logins = loginsOf(config, kept, retentionSeconds, onError)
  if (config.isProduction) await refuseDevAccount(users.users, logins, log)
  else await makeDevAccount(users.users)
  return {
    credentials: credentialsOf(config, users.users, kept, onError),
    logins,
    secret,
    keys,
    pings: {
      users: () => users.users.ping(),
      logins: () => kept.store.ping(),
      feed: async () => {
        if (!logins.health().isFresh) throw new Error('the feed is stale')
      },
      clock: async () => {
        const { isClockRight, clockOffsetMs } = logins.health()
        if (!isClockRight) throw new Error(`the clock of this node is off by ${clockOffsetMs} ms`)
      }
    },
    // Never a reason to be taken out of the balancer: all nodes of the service see the difference, and all would go.
    notes: () => (logins.health().secretsDiffer ? { secrets: 'differ' } : {}),
    close: () => closeAll(logins, kept, users)
  }
}

/** First the account, then its logins: those of a start that was cut short between the two go at the next one. */
async function refuseDevAccount(users: UserStore, logins: Logins, log: FastifyBaseLogger): Promise<void> {
  const account = await lockDevAccount(users)
  if (account === null) return
  await logins.revokeUser(account.userId)
  if (account.isNew) {
    log.warn(
      'the account "user" of development was in this data, with the password that everybody knows: ' +
        'the password is no longer valid, and its logins are revoked'
    )
  }
}

function credentialsOf(
  config: Config,
  users: UserStore,
  { throttle }: LoginStores,
  onError: (error: unknown) => void
): Credentials {
  return createCredentials({
    users,
    throttle: {
      attemptsPerAccount: config.attemptsPerAccount,
      attemptsPerAddress: config.attemptsPerAddress,
      windowSeconds: config.attemptsWindowSeconds,
      ...throttle
    },
    hashing: { concurrency: config.hashingConcurrency, queue: config.hashingQueue },
    onError
  })
}

function loginsOf(
  config: Config,
  { store, feed }: LoginStores,
  retentionSeconds: number,
  onError: (error: unknown) => void
): Logins {
  const { serveForSeconds } = config
  return createLogins({
    store,
    ...(feed && { feed }),
    touchIntervalSeconds: config.touchIntervalSeconds,
    ...(config.cacheMaxEntries !== undefined && { cacheMaxEntries: config.cacheMaxEntries }),
    retentionSeconds,
    clockSkewSeconds: config.clockSkewSeconds,
    onStale: config.onStale,
    onStoreDown: serveForSeconds === 0 ? 'closed' : { serveForSeconds },
    onError
  })
}

async function closeAll(logins: Logins, kept: LoginStores, users: Users): Promise<void> {
  await logins.close()
  await kept.close()
  await users.close()
}
