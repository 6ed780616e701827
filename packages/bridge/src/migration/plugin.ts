import { type BridgedSessions, type BridgedTokens, findBridged } from '@drawbridge/carrier'
import type { Carrier } from '@drawbridge/logins'
import { OptionError } from '@drawbridge/options'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createEngine } from './create-engine.ts'
import { createMove } from './create-move.ts'
import { endThereToo, reportFailed } from './end-there-too.ts'
import type { Engine, InstalledMove, Move } from './engine.ts'
import { exchangeOld } from './exchange.ts'
import { createFollower } from './follower.ts'
import { createMigrations } from './migrations.ts'
import { addOperatorRoutes } from './operator/routes.ts'
import {
  type ForeignMigration,
  isForeign,
  type MigrationsOptions,
  type ParsedMigration,
  type ParsedOptions,
  parseMigrationsOptions
} from './options.ts'
import { createOwnCarrier } from './own-carrier.ts'
import { READ_INTERVAL_MS } from './phase-watch.ts'
import { addExchangeRoute } from './routes.ts'

const plugin: FastifyPluginAsync<MigrationsOptions> = async (app, input) => {
  const options = parseMigrationsOptions(input)
  const moves = new Map<string, InstalledMove>()
  for (const migration of options.migrations) moves.set(migration.name, install(app, migration, options))
  const migrations = createMigrations(moves, options.wait)
  app.decorate('migrations', migrations)
  if (options.operator !== undefined)
    addOperatorRoutes(app, migrations, moves, options.operator, options.tags)
}

/** @throws OptionError */
function install(app: FastifyInstance, migration: ParsedMigration, options: ParsedOptions): InstalledMove {
  const ours = findOurs(app, migration)
  const move = createMove(app, migration, ours.logins, options)
  if (isForeign(migration)) {
    checkSecrets(app, migration)
    const engine = createEngine(move, migration, ours, findExchangePath(app, ours, options))
    ours.follow(createFollower(engine))
    endThereToo(engine)
    run(app, move, () => enterPhase(engine))
    if (ours.carrier === 'session') return move
    const exchange = (request: FastifyRequest) => exchangeOld(engine, ours, request)
    addExchangeRoute(app, exchange, ours, options)
    return { ...move, exchange }
  }
  const { follower, refresh } = createOwnCarrier(move)
  ours.follow(follower)
  run(app, move, refresh)
  return move
}

/** As clients reach it. */
function findExchangePath(
  { prefix }: FastifyInstance,
  { carrier }: BridgedSessions | BridgedTokens,
  { routes: { exchange } }: ParsedOptions
): string | null {
  return carrier === 'session' || exchange === false ? null : prefix + exchange
}

function enterPhase({ watch, settled }: Engine): void {
  if (watch.isKnown) settled.enter(watch.current.version)
}

function findOurs(app: FastifyInstance, { name, from }: ParsedMigration): BridgedSessions | BridgedTokens {
  const carrier: Carrier = typeof from === 'string' ? from : from.carrier
  const { sessions, tokens } = findAll(app)
  const ours = carrier === 'session' ? sessions : tokens
  if (ours !== undefined) return ours
  throw new OptionError(
    `migrations: "${name}" needs @drawbridge/${carrier}-auth: register it before, in the same scope or above`
  )
}

/** @throws OptionError where whoever has a secret of the other system could make our credentials. */
function checkSecrets(app: FastifyInstance, { name, from }: ForeignMigration): void {
  const { sessions, tokens } = findAll(app)
  const isOurs = (secret: string) =>
    sessions?.hasSecret(secret) === true || tokens?.hasSecret(secret) === true
  if (from.sharesSecret?.(isOurs) !== true) return
  throw new OptionError(
    `migrations: the secret of "${name}" must not be a root secret or a key of ours: make a new one for sessionAuth and tokenAuth`
  )
}

/** The carriers that are registered where the migrations are. */
function findAll(app: FastifyInstance) {
  const { sessionAuth, tokenAuth } = app as { readonly sessionAuth?: unknown; readonly tokenAuth?: unknown }
  return { sessions: findBridged(sessionAuth, 'session'), tokens: findBridged(tokenAuth, 'token') }
}

/** Reads the phase and writes the counts for as long as the application runs. */
function run(app: FastifyInstance, { watch, counts, adoptions, onError }: Move, refresh: () => void): void {
  let timer: NodeJS.Timeout | undefined
  const flush = async () => {
    refresh()
    await counts.flush().catch(onError)
    await reportFailed(adoptions)
  }
  app.addHook('onReady', async () => {
    await watch.start()
    refresh()
    timer = setInterval(() => void flush(), READ_INTERVAL_MS).unref()
  })
  app.addHook('preClose', async () => {
    clearInterval(timer)
    watch.close()
    await flush()
  })
}

/**
 * Moves users from the logins of another system, or from one of our carriers to the other, while all of them stay signed in.
 * Registered after session-auth or token-auth, whose guards, sign-ins and log-outs then count those logins too. See
 * {@link MigrationsOptions}.
 *
 * @throws OptionError where an option is wrong, or a carrier is missing.
 * @example
 * await app.register(migrations, { migrations: [{ name: 'express', from: expressSession({ secret, store }), userOf }] })
 */
export const migrations = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/bridge/migration' })
