import {
  canonicalizeUsername,
  createCredentials,
  type Credentials,
  type Limiters,
  type UserStore
} from '@drawbridge/credentials'
import { createLogins, type Logins, type LoginStore } from '@drawbridge/logins'
import type { TokenAuthOptions } from '@drawbridge/token-auth'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import { prepareDataDir } from './data-dir.ts'
import { lockDevAccount, ensureDevAccount } from './dev-account.ts'
import { type LoginStores, openLoginStores } from './login-stores.ts'
import { NODE_NAME } from './log-events.ts'
import { loadSecret, loadTokenKeys } from './secrets.ts'
import { openUsers } from './users.ts'
import { createFaultLogger, createFeedLogger } from './fault-log.ts'

/** What the service is made of, below its routes. */
export interface Dependencies {
  readonly credentials: Credentials
  readonly logins: Logins
  readonly users: UserStore
  /** Where all nodes count attempts and requests together; undefined where this process counts them. */
  readonly limiters: Limiters | undefined
  /** Logs what happens in the background. */
  readonly onError: (error: unknown) => void
  readonly secret: readonly string[]
  readonly keys: TokenAuthOptions['keys']
  /** Checks for the readiness probe, by name: each rejects when its server does not respond. */
  readonly pings: Readonly<Record<'users' | 'logins' | 'feed' | 'clock', () => Promise<unknown>>>
  /** Conditions that an operator should look at; they do not make the node unready. */
  readonly warnings: () => Readonly<Record<string, string>>
  /** Closes the databases: after `logins` and `credentials`, which the plugins close. */
  readonly close: () => Promise<void>
}

const MIN_RETENTION_SECONDS = 900
const CLOCK_SKEW_MARGIN_SECONDS = 60

/**
 * Creates what the routes need from the configuration. Background errors go to the log.
 *
 * @param measure puts a measuring store before the one that it is given.
 */
export async function createDependencies(
  config: Config,
  log: FastifyBaseLogger,
  measure: (store: LoginStore) => LoginStore = (store) => store
): Promise<Dependencies> {
  const onError = createFaultLogger(log)
  for (const warning of await prepareDataDir(config)) log.warn(warning)
  const [secret, keys] = await Promise.all([loadSecret(config), loadTokenKeys(config)])
  // A revocation is remembered for longer than an access token is valid or served while the store is down.
  const longestUseSeconds = Math.max(config.accessTokenTtlSeconds, config.serveStaleForSeconds)
  const retentionSeconds = Math.max(MIN_RETENTION_SECONDS, longestUseSeconds + CLOCK_SKEW_MARGIN_SECONDS)
  const users = await openUsers(config, onError)
  const stores = await openLoginStores(config, retentionSeconds, {
    onError,
    onWarning: (sentence) => log.warn(sentence),
    onFeedEvent: createFeedLogger(log, onError)
  }).catch(async (error: unknown) => {
    await users.close()
    throw error
  })
  const logins = buildLogins(config, { ...stores, store: measure(stores.store) }, retentionSeconds, onError)
  if (config.isProduction) await revokeDevAccount(users.users, logins, log)
  else await ensureDevAccount(users.users)
  return {
    credentials: buildCredentials(config, users.users, stores, onError),
    logins,
    users: users.users,
    limiters: stores.throttle.limiters,
    onError,
    secret,
    keys,
    pings: {
      users: () => users.users.ping(),
      logins: () => stores.store.ping(),
      feed: async () => {
        if (!logins.health().isFresh) throw new Error('the feed is stale')
      },
      clock: async () => {
        const { isClockRight, clockOffsetMs } = logins.health()
        if (!isClockRight) throw new Error(`the clock of this node is off by ${clockOffsetMs} ms`)
      }
    },
    // Never a reason to be taken out of the balancer: all nodes of the service see the difference, and all would go.
    warnings: () => (logins.health().secretsDiffer ? { secrets: 'differ' } : {}),
    close: async () => {
      await stores.close()
      await users.close()
    }
  }
}

/** First the account, then its logins: where a boot was interrupted between the two, the next one revokes them. */
async function revokeDevAccount(users: UserStore, logins: Logins, log: FastifyBaseLogger): Promise<void> {
  const account = await lockDevAccount(users)
  if (account === null) return
  await logins.revokeUser(account.userId, { by: 'admin', reason: 'development-account' })
  if (account.hadKnownPassword) {
    log.warn(
      'the development account "user" was in this database with its well-known password: ' +
        'the password is no longer valid, and its logins are revoked'
    )
  }
}

function buildCredentials(
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
    hashing: { concurrency: config.hashingConcurrency, maxQueued: config.hashingQueue },
    onError
  })
}

function buildLogins(
  config: Config,
  { store, feed }: LoginStores,
  retentionSeconds: number,
  onError: (error: unknown) => void
): Logins {
  const { serveStaleForSeconds, operators } = config
  return createLogins({
    store,
    ...(feed && { feed }),
    ...(operators.length > 0 && {
      getClaims: ({ username }) => ({ scopes: findScopes(username, operators) })
    }),
    touchIntervalSeconds: config.touchIntervalSeconds,
    ...(config.cacheMaxEntries !== undefined && { cacheMaxEntries: config.cacheMaxEntries }),
    retentionSeconds,
    clockSkewSeconds: config.clockSkewSeconds,
    nodeName: NODE_NAME,
    onStale: config.onStale,
    onStoreDown: serveStaleForSeconds === 0 ? 'fail-closed' : { serveStaleForSeconds },
    onError
  })
}

/** Of those who move users from another system. */
export const OPERATOR_SCOPE = 'drawbridge:operator'

/** @param operators usernames of those who move users from another system. */
function findScopes(username: string, operators: readonly string[]): readonly string[] {
  const keys = operators.map((each) => canonicalizeUsername(each)?.key)
  return keys.includes(canonicalizeUsername(username)?.key ?? '') ? [OPERATOR_SCOPE] : []
}
