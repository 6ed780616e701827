import { OptionError } from '@drawbridge/options'
import type { Adoption, MoveOutcome, Phase, RevocationCause, StoredPhase } from '@drawbridge/logins'
import type { MaximumName } from './counts.ts'
import type { InstalledMove, Move } from './engine.ts'
import { stepRefused } from './errors.ts'
import { reportFailed } from './end-there-too.ts'
import { LOGGED_OUT_THERE } from './ended-there.ts'
import { findLogin } from './find-login.ts'
import { LEASE_MS, minPhaseMs } from './phase-watch.ts'
import { readProgress, readStatus } from './status.ts'
import { findObstacle } from './steps.ts'
import type { Migrations } from './types.ts'

/** Creates what operators and own routes call. @param wait resolves after so many ms. */
export function createMigrations(
  moves: ReadonlyMap<string, InstalledMove>,
  wait: (ms: number) => Promise<unknown>
): Migrations {
  const find = (name: string): Move => {
    const move = moves.get(name)
    if (move !== undefined) return move
    const names = [...moves.keys()].map((each) => JSON.stringify(each)).join(' and ')
    throw stepRefused(`there is no migration ${JSON.stringify(name)}, only ${names}`)
  }
  return Object.freeze<Migrations>({
    names: [...moves.keys()],
    status: async (name) => readStatus(find(name)),
    move: async (name, phase, { by, lose }) => {
      const move = find(name)
      const progress = await readProgress(move)
      const obstacle = findObstacle(progress, phase, lose, move.logins.now())
      if (obstacle !== null) throw stepRefused(`${name} stays "${progress.stored.phase}": ${obstacle}`)
      await step(move, phase, by, progress.row)
      await wait(LEASE_MS)
      await move.watch.read()
      return readStatus(move)
    },
    restore: async (name, phase, { by, lostVersion }) => {
      const move = find(name)
      await step(move, phase, by, await move.adoptions.readPhase(name), lostVersion)
      return readStatus(move)
    },
    exchange: async (request) => {
      const exchange = [...moves.values()].find((move) => move.exchange !== undefined)?.exchange
      if (exchange === undefined) throw new OptionError('migrations.exchange needs a migration from tokens')
      return exchange(request)
    },
    refresh: async () => {
      for (const { watch, counts, adoptions, onError } of moves.values()) {
        await watch.read()
        await counts.flush().catch(onError)
        await reportFailed(adoptions)
      }
    },
    sweep: async (name) => {
      const move = find(name)
      const { phase } = (await readProgress(move)).stored
      return { revokedCount: await (phase === 'retired' ? sweepRetired(move) : sweepEnded(move, phase)) }
    },
    revokeAdopted: async (name, { since }) => {
      const from = since.getTime()
      if (Number.isNaN(from)) throw new TypeError('since must be a valid Date')
      return {
        revokedCount: await revokeWhere(find(name), ({ adoptedAt }) => (adoptedAt ?? 0) >= from, {
          by: 'admin',
          reason: 'adoption-revoked'
        })
      }
    },
    barAll: async ({ issuedUpTo }) => barAll([...moves.values()], issuedUpTo.getTime()),
    findLogin: (name, loginId) => findLogin(find(name), loginId)
  })
}

/** @param upTo ms since the epoch. */
async function barAll(moves: readonly Move[], upTo: number): Promise<{ readonly barredUpTo: number }> {
  if (Number.isNaN(upTo)) throw new TypeError('issuedUpTo must be a valid Date')
  const stores = new Set(moves.filter(({ isForeign }) => isForeign).map(({ adoptions }) => adoptions))
  if (stores.size === 0) throw stepRefused('there is no migration from another system')
  if (moves.some(({ logins }) => upTo > logins.now())) throw stepRefused('the moment is still to come')
  for (const adoptions of stores) await adoptions.barAll(upTo)
  return { barredUpTo: upTo }
}

async function step(
  { adoptions, migration, requestTimeoutMs }: Move,
  to: Phase,
  by: string,
  row: StoredPhase | null,
  lostVersion?: number
): Promise<void> {
  const outcome = await adoptions.movePhase(migration.name, {
    from: row?.version ?? null,
    to,
    by,
    minIntervalMs: minPhaseMs(requestTimeoutMs),
    ...(lostVersion !== undefined && { lostVersion })
  })
  if (outcome.kind !== 'moved') throw stepRefused(describe(migration.name, to, outcome))
}

function describe(name: string, to: Phase, outcome: Exclude<MoveOutcome, { kind: 'moved' }>): string {
  const phase = outcome.stored?.phase ?? 'old'
  switch (outcome.kind) {
    case 'changed':
      return `${name} was moved to "${phase}" by somebody else meanwhile`
    case 'not-neighbour':
      return `${name} is "${phase}": no single step leads to "${to}"`
    case 'too-soon':
      return `${name} is "${phase}" for too short a time: try again in ${Math.ceil(outcome.waitMs / 1000)} s`
  }
}

/** Revokes what the other system still led, and records that there is no way back. */
async function sweepRetired(move: Move): Promise<number> {
  const { adoptions, logins, migration } = move
  await adoptions.addCounts(migration.name, 'retired', {
    raise: { sweptAt: logins.now() } satisfies Partial<Record<MaximumName, number>>
  })
  return revokeWhere(move, ({ ledBy }) => ledBy === 'old', { by: 'admin', reason: 'migration-swept' })
}

/**
 * Revokes what the other system has led and ended. A request that presents such a login revokes it too, but whoever logged out
 * there, and has lost the response with the cookie of ours, presents it never again.
 */
async function sweepEnded(move: Move, phase: Phase): Promise<number> {
  const { isActiveThere, counts, migration } = move
  if (isActiveThere === null)
    throw stepRefused(`${migration.name} is "${phase}": it is swept once it is "retired"`)
  const isEnded = async ({ ledBy, key }: Adoption) => ledBy === 'old' && !(await isActiveThere(key))
  const revokedCount = await revokeWhere(move, isEnded, LOGGED_OUT_THERE)
  for (let count = 0; count < revokedCount; count++) counts.add(phase, 'endedThere')
  return revokedCount
}

/** @returns how many logins were revoked. */
async function revokeWhere(
  { adoptions, logins, migration: { name } }: Move,
  isMeant: (adoption: Adoption) => boolean | Promise<boolean>,
  cause: Required<RevocationCause>
): Promise<number> {
  let revokedCount = 0
  let cursor: string | null = null
  do {
    const page = await adoptions.list(name, cursor)
    for (const { loginId, adoption } of page.adopted) {
      if ((await isMeant(adoption)) && (await logins.revoke(loginId, cause))) revokedCount++
    }
    cursor = page.cursor
  } while (cursor !== null)
  return revokedCount
}
