import { type BridgedSessions, type BridgedTokens, findBridged, type Follower } from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createCounts } from './counts.ts'
import type { Engine } from './engine.ts'
import { follow } from './follow.ts'
import { logOutOld } from './log-out.ts'
import { createMigrations } from './migrations.ts'
import { createOldSide } from './old-side.ts'
import { type MigrationsOptions, type ParsedMigration, parseMigrationsOptions } from './options.ts'
import { PhaseWatch, READ_INTERVAL_MS } from './phase-watch.ts'
import { createSettled } from './settled.ts'
import { beforeSignIn } from './sign-in.ts'

const plugin: FastifyPluginAsync<MigrationsOptions> = async (app, input) => {
  const { migrations, monotonicNow, wait } = parseMigrationsOptions(input)
  const engines = new Map<string, Engine>()
  for (const migration of migrations) {
    const engine = createEngine(app, migration, monotonicNow)
    engines.set(migration.name, engine)
    engine.ours.follow(createFollower(engine))
    endThereToo(engine)
    run(app, engine)
  }
  app.decorate('migrations', createMigrations(engines, wait))
}

/** @throws OptionError */
function createEngine(app: FastifyInstance, migration: ParsedMigration, monotonicNow: () => number): Engine {
  const { name } = migration
  const ours = findOurs(app, migration)
  const { logins } = ours
  const { adoptions } = logins
  if (adoptions === undefined)
    throw new OptionError(
      'migrations needs a store of logins that has `adoptions`, as those of Drawbridge have'
    )
  const onError = (error: Error) =>
    app.log.error({ err: error, migration: name }, 'a migration is not certain')
  return {
    migration,
    old: createOldSide(migration, (work, ms) => {
      setTimeout(() => void work().catch(onError), ms).unref()
    }),
    ours,
    logins,
    adoptions,
    watch: new PhaseWatch({
      migration: name,
      readPhase: (each) => adoptions.readPhase(each),
      monotonicNow,
      onError
    }),
    settled: createSettled(),
    counts: createCounts((phase, changes) => adoptions.addCounts(name, phase, changes)),
    onError
  }
}

function findOurs(
  app: FastifyInstance,
  { name, from: { carrier } }: ParsedMigration
): BridgedSessions | BridgedTokens {
  const { sessionAuth, tokenAuth } = app as { readonly sessionAuth?: unknown; readonly tokenAuth?: unknown }
  const ours = carrier === 'session' ? findBridged(sessionAuth, 'session') : findBridged(tokenAuth, 'token')
  if (ours !== undefined) return ours
  throw new OptionError(
    `migrations: "${name}" needs @drawbridge/${carrier}-auth: register it before, in the same scope or above`
  )
}

function createFollower(engine: Engine): Follower {
  const { settled, watch, old } = engine
  return {
    // A header presents one credential: where that is a valid token of ours, there is no other.
    isSettled: (principal) => old.presentsOneSide || (watch.isKnown && settled.has(principal)),
    follow: (request, ours, _policy, reply) => follow(engine, request, ours, reply),
    beforeSignIn: (request, reply, login) => beforeSignIn(engine, request, reply, login),
    logOut: (request, reply) => logOutOld(engine, request, reply)
  }
}

/** No browser keeps a cookie for longer (RFC 6265bis section 5.5). */
const LONGEST_COOKIE_MS = 400 * 86_400_000

/** Whatever revokes a login here, such as a list of devices, revokes it in the other system, and bars what it has unclaimed. */
function endThereToo({ adoptions, logins, migration, old, watch, counts, onError }: Engine): void {
  const { name, acceptUntil } = migration
  adoptions.useBars(acceptUntil?.getTime() ?? logins.now() + LONGEST_COOKIE_MS)
  adoptions.onRevoked(async (revoked) => {
    for (const { adoption } of revoked) {
      if (adoption.migration !== name || isRetired(watch)) continue
      await old.revoke(adoption.key).catch((error: Error) => {
        if (watch.isKnown) counts.add(watch.current.phase, 'endFailed')
        onError(error)
        throw error
      })
    }
  })
}

/** The other system may be gone by then. */
function isRetired(watch: PhaseWatch): boolean {
  return watch.isKnown && watch.current.phase === 'retired'
}

/** Reads the phase and writes the counts for as long as the application runs. */
function run(app: FastifyInstance, { watch, counts, settled, onError }: Engine): void {
  let timer: NodeJS.Timeout | undefined
  const flush = () => counts.flush().catch(onError)
  app.addHook('onReady', async () => {
    await watch.start()
    if (watch.isKnown) settled.enter(watch.current.version)
    timer = setInterval(() => void flush(), READ_INTERVAL_MS).unref()
  })
  app.addHook('preClose', async () => {
    clearInterval(timer)
    watch.close()
    await flush()
  })
}

/**
 * Moves users from the logins of another system, or lets them move back, while all of them stay signed in. Registered after
 * session-auth or token-auth, whose guards, sign-ins and log-outs then count those logins too. See {@link MigrationsOptions}.
 *
 * @throws OptionError where an option is wrong, or a carrier is missing.
 * @example
 * await app.register(migrations, { migrations: [{ name: 'express', from: expressSession({ secret, store }), userOf }] })
 */
export const migrations = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/bridge/migration' })
