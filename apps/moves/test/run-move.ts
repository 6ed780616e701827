import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProcess } from '@drawbridge/test-support/processes/start-process'
import type { Phase } from '@drawbridge/logins'
import type { Test } from 'tap'
import { createPeople, createWorld, type Load } from './create-world.ts'
import { buildNode, type Node, type Service } from './node.ts'
import { FORBIDDEN, type Verdict } from './oracle.ts'
import { live } from './live.ts'
import { type Kind, type Person, TOKEN_KINDS, type World } from './person.ts'
import { type Nodes, startOld } from './servers.ts'
import { exchange, PROMPT } from './transport.ts'

/** What was seen. */
export interface Result {
  readonly name: string
  readonly requests: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly samples: readonly string[]
  readonly people: number
  readonly steps: readonly string[]
  /** Logins more than a user has devices. */
  readonly surplus: number
  /** Wallets of ended logins that were presented again, and those of them that were served. */
  readonly replayed: number
  readonly revived: number
}

/** What a run has in hand. */
interface Run {
  readonly t: Test
  readonly service: Service
  readonly nodes: Nodes
  readonly load: Load
  readonly world: World
  readonly people: readonly Person[]
  readonly operator: Node
  old: RunningProcess | null
  phase: Phase
  readonly steps: string[]
  readonly tally: { replayed: number; revived: number; surplus: number }
}

/**
 * One move, from the other system alone until that is retired, there and back, under load.
 *
 * @param onNew called once in the phase `new`, such as to restart the store of the other system.
 */
export async function runMove(
  t: Test,
  service: Service,
  nodes: Nodes,
  load: Load,
  onNew: () => Promise<void> = async () => {}
): Promise<Result> {
  const operator = await buildNode({ ...service, ...withoutMutant })
  await operator.app.ready()
  t.teardown(() => operator.app.close())
  const verdicts: Record<Verdict, number> = {
    right: 0,
    unavailable: 0,
    'forced log-out': 0,
    'wrong user': 0,
    'after log-out': 0,
    fault: 0
  }
  const samples: string[] = []
  const run: Run = {
    t,
    service,
    nodes,
    load,
    world: createWorld(service, load, (verdict, detail) => {
      verdicts[verdict]++
      const isForbidden = (FORBIDDEN as readonly string[]).includes(verdict)
      if (isForbidden && samples.length < MAX_SAMPLES) samples.push(`${run.phase}, ${verdict}: ${detail}`)
    }),
    people: createPeople(service, load),
    operator,
    old: await startOld(t, service),
    phase: 'old',
    steps: [],
    tally: { replayed: 0, revived: 0, surplus: 0 }
  }
  const { world, people } = run
  world.pick = (side) => {
    if (side === 'old') return run.old?.url ?? null
    const urls = nodes.urlsOf(service)
    return urls[Math.floor(world.random() * urls.length)] ?? null
  }
  const lives = people.map((person) => live(world, person))
  await takeSteps(run, onNew)
  world.isOver = true
  await Promise.all(lives)
  const { requests } = world
  return {
    name: service.name,
    requests,
    verdicts,
    samples,
    people: people.length,
    steps: run.steps,
    ...run.tally
  }
}

const MAX_SAMPLES = 8
const withoutMutant = { mutant: undefined as never }

async function takeSteps(run: Run, onNew: () => Promise<void>): Promise<void> {
  const { world } = run
  await stage(run)
  // A rolling deploy: nodes of ours beside the instances of the other system.
  world.isOursUp = true
  await stage(run)
  await step(run, 'both')
  await stage(run)
  await stopOld(run)
  await step(run, 'new')
  await stage(run)
  await onNew()
  for (let rounds = 1; ; rounds++) {
    await stepBack(run)
    await stopOld(run)
    await step(run, 'new')
    await stage(run)
    if (!run.load.goesOn(rounds)) break
    await brownOut(run)
  }
  await retire(run)
}

async function stepBack(run: Run): Promise<void> {
  await step(run, 'both')
  await gather(run, ({ withBoth }) => withBoth >= 2)
  // Requests that left before the other system's cookie was back.
  await sleep(run.service.requestTimeoutSeconds * 1000)
  await startOldAgain(run)
  await stage(run)
  await step(run, 'old')
  await stage(run)
  await step(run, 'both')
  await stage(run)
}

async function retire(run: Run): Promise<void> {
  await gather(run, ({ withOurs }) => withOurs >= 3, true)
  await countLogins(run)
  await replay(run)
  await brownOut(run)
  await prepareToRetire(run)
  await step(run, 'retired')
  if (run.service.mutant !== 'naive') await run.operator.app.migrations.sweep(run.service.name)
  await stage(run)
  await replay(run)
}

/** Retired, and back. */
async function brownOut(run: Run): Promise<void> {
  await prepareToRetire(run)
  await step(run, 'retired')
  await stage(run)
  await step(run, 'new')
  run.world.client.isRetired = false
  await stage(run)
}

/** Credentials that nobody has any more are lost; nobody is logged out by it. */
async function prepareToRetire(run: Run): Promise<void> {
  run.world.client.isRetired = true
  await gather(run, ({ withOurs }) => withOurs >= 3, true)
}

/** Everybody goes on until all have done enough. */
async function stage(run: Run): Promise<void> {
  const { world, people, load } = run
  world.stage++
  await until(run, () => people.every(({ turns }) => turns >= load.turns))
}

/** Everybody, or those who are awake, sign in and come by until a condition holds for each, or no longer than it can be waited for. */
async function gather(run: Run, condition: (person: Person) => boolean, isOfAll = false): Promise<void> {
  const { world, people } = run
  world.stage++
  world.isGathering = true
  world.isWakingAll = isOfAll
  const isThere = (person: Person) =>
    (person.isAsleep && !isOfAll) ||
    (person.truth.user !== null && !person.truth.isUnsure && condition(person))
  await until(run, () => people.every(isThere))
  world.isGathering = false
  world.isWakingAll = false
}

/** A busy machine takes its time. Of whom a mutant has logged out, nobody waits long. */
const PATIENCE_MS = { ours: 240_000, mutant: 8000 }

async function until({ people, service, world, phase }: Run, condition: () => boolean): Promise<void> {
  const patience = service.mutant === undefined ? PATIENCE_MS.ours : PATIENCE_MS.mutant
  const deadline = performance.now() + patience
  // Of the stage before.
  for (const person of people) person.turns = 0
  while (!condition() && performance.now() < deadline) await sleep(20)
  if (!condition() && service.mutant === undefined)
    world.count('fault', `somebody had not done enough in "${phase}" after ${patience} ms`)
}

async function stopOld(run: Run): Promise<void> {
  if (run.service.mutant === 'old instances left running' || run.old === null) return
  run.world.isOldUp = false
  const { old } = run
  run.old = null
  await old.stop('SIGTERM')
}

async function startOldAgain(run: Run): Promise<void> {
  run.old ??= await startOld(run.t, run.service)
  run.world.isOldUp = run.old !== null
}

async function step(run: Run, to: Phase): Promise<void> {
  const { operator, service, nodes, world } = run
  if (service.mutant === 'naive') {
    for (const url of nodes.urlsOf(service))
      await exchange(url, { method: 'POST', path: `/phase/${to}`, headers: {} }, PROMPT)
    enter(run, to)
    return sleep(1000)
  }
  const { migrations } = operator.app
  for (;;) {
    if (world.isOver) return
    try {
      const { ledByOld, phase, isEverywhere } = await migrations.status(service.name)
      // A response of the store was lost.
      if (phase === to && !isEverywhere) throw unavailable()
      if (phase === to) return enter(run, to)
      await migrations.move(service.name, to, { by: 'the operator', lose: to === 'retired' ? ledByOld : 0 })
      enter(run, to)
      return
    } catch (error) {
      if (!/for too short a time|would be lost/.test(String(error)) && !isUnavailable(error)) throw error
      await sleep(100)
    }
  }
}

const unavailable = () => Object.assign(new Error('some nodes are in the phase before'), { statusCode: 503 })

/** A store under load: the operator tries again. */
function isUnavailable(error: unknown): boolean {
  return (error as { readonly statusCode?: unknown }).statusCode === 503
}

function enter(run: Run, phase: Phase): void {
  const taken = `${run.phase} → ${phase}`
  run.steps.push(taken)
  run.load.onStep?.(taken)
  run.phase = phase
  run.world.isNew = phase === 'new'
}

/** They sign out at no instance of the other system. */
const JUDGED: ReadonlySet<Kind> = new Set(['browser', 'keeper', 'newcomer', 'hasty newcomer', ...TOKEN_KINDS])

async function countLogins(run: Run): Promise<void> {
  const { operator, service, people, world, tally } = run
  // Who has lost the response with the cookie of ours, and then logged out there, presents nothing of it any more.
  if (service.move === 'express') await operator.app.migrations.sweep(service.name)
  for (const { users, kind, spareLogins } of people) {
    // A log-out at an instance that keeps no record is seen when its cookie is; else its login stays until it expires.
    if (!world.client.keepsRecord && !JUDGED.has(kind)) continue
    for (const user of users) {
      const { length } = await operator.logins.listByUser(user)
      tally.surplus += Math.max(0, length - 1 - spareLogins)
    }
  }
}

/** Of each person, about; of all phases. */
const REPLAYED = 40

async function replay({ people, world, tally }: Run): Promise<void> {
  for (const { dead } of people) {
    const every = Math.max(1, Math.floor(dead.length / REPLAYED))
    for (const { wallet } of dead.filter((_, at) => at % every === 0)) {
      const asked = world.client.visit(wallet, 'ours', () => 0.1)
      const url = world.pick('ours')
      if (asked === null || url === null) continue
      const received = await exchange(url, asked, PROMPT)
      if (received === null || received.status === 503) continue
      tally.replayed++
      if (received.status === 200) tally.revived++
    }
  }
}
