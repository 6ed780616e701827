import { setTimeout as sleep } from 'node:timers/promises'
import { chooseOf, type Client, type Side } from './clients.ts'
import { type Answer, judge, type Truth, type Verdict } from './oracle.ts'
import { type Asked, drawFate, exchange, type Fate, type Network, type Received } from './transport.ts'
import type { Wallet } from './wallet.ts'

export type Kind =
  /** A browser that sends bursts of requests, and sometimes writes with the other system. */
  | 'browser'
  /** Comes by once in each stage. */
  | 'visitor'
  /** Signs in and out, at either side, with bursts in between. */
  | 'leaver'
  /** Signs in anew in each stage of the phase `new`, and so has our credential alone at the next step back. */
  | 'newcomer'
  /** The same, with a burst each time and hardly a pause. */
  | 'hasty newcomer'
  /** Revokes all its logins, and signs in again. */
  | 'changer'
  /** Two users, one after the other. */
  | 'sharer'
  /** Has the old credential beside ours, and presents now this one and now that one. */
  | 'keeper'

/** What people have in common: the servers, the stage, and what is counted. */
export interface World {
  readonly client: Client
  readonly random: () => number
  /** Goes up with each stage. */
  stage: number
  isOver: boolean
  isOldUp: boolean
  isOursUp: boolean
  /** Everybody comes by, and nobody signs in or out. */
  isGathering: boolean
  /** Whether nodes of ours alone serve, in the phase `new`. */
  isNew: boolean
  readonly network: Network
  pauseMs: number
  /** A server of a side; null where there is none now. */
  pick(side: Side): string | null
  count(verdict: Verdict, detail: string): void
  requests: number
}

export interface Person {
  readonly name: string
  readonly kind: Kind
  readonly users: readonly string[]
  readonly wallet: Wallet
  truth: Truth
  /** Sign-ins whose answers were lost: each made a login that nobody has. */
  lostSignIns: number
  /** Of the sign-in now: wallets that nodes of ours have served. */
  served: Wallet[]
  /** Wallets after whose log-out nothing may be served. */
  readonly dead: { readonly wallet: Wallet; readonly user: string }[]
  /** In this stage: how often ours was served with our credential, and with both. */
  withOurs: number
  withBoth: number
  turns: number
  /** The stage in which it signed in last. */
  signedInAt: number
  readonly held: Set<Promise<unknown>>
  readonly late: Set<Promise<unknown>>
}

export function createPerson(name: string, kind: Kind): Person {
  return {
    name,
    kind,
    users: kind === 'sharer' ? [`${name}-a`, `${name}-b`] : [name],
    wallet: new Map(),
    truth: { user: null, era: 0, isUnsure: false },
    lostSignIns: 0,
    served: [],
    dead: [],
    withOurs: 0,
    withBoth: 0,
    turns: 0,
    signedInAt: -1,
    held: new Set(),
    late: new Set()
  }
}

/** Lives until the world is over. */
export async function live(world: World, person: Person): Promise<void> {
  let seen = -1
  while (!world.isOver) {
    const isNewStage = seen !== world.stage
    if (isNewStage) Object.assign(person, { withOurs: 0, withBoth: 0, turns: 0 })
    seen = world.stage
    if (person.kind !== 'visitor' || isNewStage || world.isGathering) await turn(world, person)
    if (seen === world.stage) person.turns++
    await sleep(world.pauseMs * (person.kind === 'hasty newcomer' ? 0.25 : 0.5 + world.random()))
  }
  await drain(person.held)
  await drain(person.late)
}

const BURSTING: ReadonlySet<Kind> = new Set(['browser', 'leaver'])
const STAYING: ReadonlySet<Kind> = new Set(['browser', 'keeper'])
const NEWCOMERS: ReadonlySet<Kind> = new Set(['newcomer', 'hasty newcomer'])

async function turn(world: World, person: Person): Promise<void> {
  const { random, client } = world
  if (person.truth.user === null) {
    if (world.isGathering && random() < 0.5) return visit(world, person)
    return signIn(world, person)
  }
  const isStaying = world.isGathering || STAYING.has(person.kind)
  const mayLeave = !isStaying && (world.isOursUp || client.canSignOut('old'))
  const chance = person.kind === 'visitor' ? 0.05 : 0.25
  const isLeaving = NEWCOMERS.has(person.kind)
    ? world.isNew && person.signedInAt !== world.stage
    : random() < chance
  if (mayLeave && isLeaving) {
    await signOut(world, person)
    // With what it has then, it is served no more.
    await visit(world, person)
    return
  }
  const isBurst = person.kind === 'hasty newcomer' || (BURSTING.has(person.kind) && random() < 0.5)
  const burst = isBurst ? 6 : 1
  await Promise.all(Array.from({ length: burst }, () => visit(world, person)))
  if (person.kind === 'browser' && client.write !== undefined && random() < 0.3) await write(world, person)
  const convert = world.isOursUp ? client.convert?.(person.wallet, random) : null
  if (convert) await absorbFrom(world, person, convert)
}

/** A request late on its way runs beside what the person does next. */
async function visit(world: World, person: Person): Promise<void> {
  const side = chooseSide(world, person)
  const url = world.pick(side)
  const sent = person.truth
  const wallet = new Map(person.wallet)
  const asked = url === null ? null : world.client.visit(wallet, side, world.random)
  if (url === null || asked === null) return
  const fate = drawFate(world.random, world.network)
  const work = exchange(url, asked, fate).then((received) => {
    if (received === null) return
    absorb(world, person, side, received)
    const answer: Answer = { status: received.status, user: received.status === 200 ? received.body : null }
    const verdict = judge(sent, person.truth, answer, person.users)
    world.requests++
    world.count(verdict, `${person.name} (${sent.user}) at ${side}: ${received.status} ${received.body}`)
    if (side === 'old' || received.status !== 200 || sent.era !== person.truth.era) return
    person.served.push(wallet)
    if (world.client.hasOurs(wallet)) person.withOurs++
    if (world.client.hasBoth(wallet)) person.withBoth++
  })
  await alongside(person, fate, work)
}

async function alongside(person: Person, fate: Fate, work: Promise<void>): Promise<void> {
  const set = fate.heldMs > 0 ? person.held : fate.delayedMs > 0 ? person.late : null
  if (set === null) return work
  set.add(work)
  void work.finally(() => set.delete(work))
}

async function drain(set: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (set.size > 0) await Promise.all(set)
}

function chooseSide(world: World, { wallet }: Person): Side {
  if (!world.isOldUp) return 'ours'
  if (!world.isOursUp) return 'old'
  return world.client.isKnownThere(wallet) && world.random() < 0.4 ? 'old' : 'ours'
}

/** Has the other system write its credential anew. Only where ours is there, by which it is known for the same login. */
async function write(world: World, person: Person): Promise<void> {
  const url = world.isOldUp ? world.pick('old') : null
  const asked = world.client.hasBoth(person.wallet) ? world.client.write?.(person.wallet) : undefined
  if (url === null || asked === undefined) return
  const received = await exchange(url, asked, drawFate(world.random, world.network))
  if (received !== null) absorb(world, person, 'old', received)
}

async function absorbFrom(world: World, person: Person, asked: Asked): Promise<void> {
  const { era } = person.truth
  let received: Received | null = null
  // At once again: a refresh token is replaced, and the response is repeated for seconds only.
  while (received === null && !world.isOver) {
    const url = world.pick('ours')
    received = url === null ? null : await exchange(url, asked, drawFate(world.random, world.network))
  }
  if (received === null || era !== person.truth.era) return
  // 409: the phase does not do that, or it was done and used.
  const isRefused = received.status === 401
  world.count(
    isRefused ? 'forced log-out' : received.status >= 500 && received.status !== 503 ? 'fault' : 'right',
    `${person.name}: ${asked.path} ${received.status} ${received.body}`
  )
  absorb(world, person, 'ours', received)
}

function absorb({ client }: World, { wallet }: Person, side: Side, received: Received): void {
  client.absorb(wallet, side, received)
}

function change(person: Person, user: string | null, isUnsure: boolean): void {
  person.truth = { user, era: person.truth.era + 1, isUnsure }
}

/** Sent until it is answered; in between the truth is unsure. */
async function insist(
  world: World,
  person: Person,
  ask: () => { readonly side: Side; readonly asked: Asked },
  onLost: () => unknown = () => {},
  isDoneBy401 = () => false
): Promise<Side | null> {
  for (;;) {
    if (world.isOver) return null
    const { side, asked } = ask()
    const url = world.pick(side)
    const received =
      url === null
        ? null
        : await exchange(url, asked, { ...drawFate(world.random, world.network), heldMs: 0 })
    if (received !== null && received.status >= 500 && received.status !== 503 && side === 'ours')
      world.count('fault', `${person.name}: ${asked.path} ${received.status} ${received.body}`)
    if (received?.status === 200 || (received?.status === 401 && isDoneBy401())) {
      absorb(world, person, side, received)
      return side
    }
    if (received === null) onLost()
    await sleep(50)
  }
}

async function signIn(world: World, person: Person): Promise<void> {
  await drain(person.held)
  await drain(person.late)
  await world.client.waitForMoment?.()
  const [first = '', second = first] = person.users
  const user = world.random() < 0.5 ? first : second
  change(person, user, true)
  const side = await insist(
    world,
    person,
    () => {
      const chosen = chooseOf(world)
      return { side: chosen, asked: world.client.signIn(person.wallet, chosen, user) }
    },
    () => person.lostSignIns++
  )
  if (side === null) return
  person.served = []
  person.signedInAt = world.stage
  Object.assign(person, { withOurs: 0, withBoth: 0 })
  change(person, user, false)
}

/** How long a node may serve a login after its log-out was answered, with some room for a busy machine. */
const BOUND_MS = 1500

async function signOut(world: World, person: Person): Promise<void> {
  const { client } = world
  const user = person.truth.user ?? ''
  const isChange = person.kind === 'changer' && world.isOursUp
  const wanted = isChange || !client.canSignOut('old') || world.random() < 0.5 ? 'ours' : 'old'
  // A value that a system without records signed before a log-out there, and that arrives after it, signs in again.
  if (!client.keepsRecord) await drain(person.held)
  await drain(person.late)
  change(person, user, true)
  const before = new Map(person.wallet)
  let isLost = false
  const side = await insist(
    world,
    person,
    () => {
      const chosen = chooseOf(world, wanted)
      const asked = client.signOut(before, chosen)
      return { side: chosen, asked: isChange && chosen === 'ours' ? { ...asked, path: '/password' } : asked }
    },
    () => (isLost = true),
    () => isLost
  )
  if (side === null) return
  const { era } = person.truth
  for (const wallet of client.deadAfter(side, before, person.served)) person.dead.push({ wallet, user })
  if (isChange || client.forgetsAtSignOut) person.wallet.clear()
  person.served = []
  const ends = sleep(BOUND_MS)
  // Whoever it is, the answer to a request that leaves within the bound is not judged.
  void ends.then(() => {
    if (person.truth.era === era) change(person, null, false)
  })
  await ends
}
