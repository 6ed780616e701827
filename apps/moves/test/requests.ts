import type { Side } from './clients.ts'
import { type Answer, judge } from './oracle.ts'
import type { Person, World } from './person.ts'
import { type Asked, drawFate, exchange, type Fate, type Received } from './transport.ts'

const [ALWAYS, NEVER] = [() => 0, () => 1]
/** Requests of one page that miss its token at once. */
const TABS = 3

export async function convert(world: World, person: Person): Promise<void> {
  const { client, random } = world
  const { kind, wallet, turns } = person
  if (kind === 'spa' && random() < 0.2) client.reload?.(wallet)
  const fetched = kind === 'spa' ? client.fetchToken?.(wallet) : null
  if (fetched) {
    await Promise.all(Array.from({ length: TABS }, () => absorbFrom(world, person, fetched)))
    return
  }
  // A page fetches its token anew; an app refreshes it when it wakes up.
  const draw = kind === 'spa' ? NEVER : kind === 'mobile' && turns === 0 ? ALWAYS : random
  const asked = client.convert?.(wallet, draw)
  if (asked) await absorbFrom(world, person, asked)
}

export function send(world: World, url: string, asked: Asked, fate: Fate): Promise<Received | null> {
  world.requests++
  return exchange(url, asked, fate)
}

/** A request late on its way runs beside what the person does next. */
export async function visit(world: World, person: Person): Promise<void> {
  const side = chooseSide(world, person)
  const url = world.pick(side)
  const sent = person.truth
  const wallet = new Map(person.wallet)
  const asked = url === null ? null : world.client.visit(wallet, side, world.random)
  if (url === null || asked === null) return
  const fate = drawFate(world.random, world.network)
  const work = send(world, url, asked, fate).then((received) => {
    if (received === null) return
    absorb(world, person, side, received)
    const answer: Answer = { status: received.status, user: received.status === 200 ? received.body : null }
    const verdict = judge(sent, person.truth, answer, person.users)
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

export async function drain(set: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (set.size > 0) await Promise.all(set)
}

function chooseSide(world: World, { wallet }: Person): Side {
  if (!world.isOldUp) return 'ours'
  if (!world.isOursUp) return 'old'
  return world.client.isKnownThere(wallet) && world.random() < 0.4 ? 'old' : 'ours'
}

/** Has the other system write its credential anew. Only where ours is there, by which it is known for the same login. */
export async function write(world: World, person: Person): Promise<void> {
  const url = world.isOldUp ? world.pick('old') : null
  const asked = world.client.hasBoth(person.wallet) ? world.client.write?.(person.wallet) : undefined
  if (url === null || asked === undefined) return
  const received = await send(world, url, asked, drawFate(world.random, world.network))
  if (received !== null) absorb(world, person, 'old', received)
}

async function absorbFrom(world: World, person: Person, asked: Asked): Promise<void> {
  const { era } = person.truth
  const isLogin = world.client.namesNoLogin && asked.path === '/exchange/old'
  let received: Received | null = null
  let isLost = person.kind === 'mobile'
  // At once again: a refresh token is replaced, and the response is repeated for seconds only.
  while (received === null && !world.isOver) {
    const url = world.pick('ours')
    if (url === null) continue
    if (isLogin) person.spareLogins++
    received = await send(world, url, asked, drawFate(world.random, world.network))
    if (isLost) received = null
    isLost = false
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

export function absorb({ client }: World, { wallet }: Person, side: Side, received: Received): void {
  client.absorb(wallet, side, received)
}
