import { setTimeout as sleep } from 'node:timers/promises'
import { chooseOf, type Side } from './clients.ts'
import type { Person, World } from './person.ts'
import { absorb, drain, send } from './requests.ts'
import { type Asked, drawFate } from './transport.ts'

function change(person: Person, user: string | null, isUnsure: boolean): void {
  person.truth = { user, era: person.truth.era + 1, isUnsure }
}

/** Sent until it is answered; in between the truth is unsure. */
async function insist(
  world: World,
  person: Person,
  ask: () => { readonly side: Side; readonly asked: Asked },
  onLost: (side: Side) => unknown = () => {},
  isDoneBy401 = () => false
): Promise<Side | null> {
  for (;;) {
    if (world.isOver) return null
    const { side, asked } = ask()
    const url = world.pick(side)
    const received =
      url === null
        ? null
        : await send(world, url, asked, { ...drawFate(world.random, world.network), heldMs: 0 })
    if (received !== null && received.status >= 500 && received.status !== 503 && side === 'ours')
      world.count('fault', `${person.name}: ${asked.path} ${received.status} ${received.body}`)
    if (received?.status === 200 || (received?.status === 401 && isDoneBy401())) {
      absorb(world, person, side, received)
      return side
    }
    if (received === null) onLost(side)
    await sleep(50)
  }
}

export async function signIn(world: World, person: Person): Promise<void> {
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
      const chosen = chooseOf(world, person.isBarred ? 'ours' : undefined)
      return { side: chosen, asked: world.client.signIn(person.wallet, chosen, user) }
    },
    // Whose cookie of the other system is lost has no login of ours yet.
    (lostAt) => (person.spareLogins += lostAt === 'ours' ? 1 : 0)
  )
  if (side === null) return
  person.served = []
  person.signedInAt = world.stage
  Object.assign(person, { withOurs: 0, withBoth: 0 })
  change(person, user, false)
}

/** How long a node may serve a login after its log-out was answered, with some room for a busy machine. */
const BOUND_MS = 1500

export async function signOut(world: World, person: Person): Promise<void> {
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
  const isOfAll = isChange && side === 'ours'
  for (const wallet of client.deadAfter(side, before, person.served, isOfAll))
    person.dead.push({ wallet, user })
  if (isOfAll && client.namesNoLogin) person.isBarred = true
  if (isChange || client.forgetsAtSignOut) person.wallet.clear()
  person.served = []
  const ends = sleep(BOUND_MS)
  // Whoever it is, the answer to a request that leaves within the bound is not judged.
  void ends.then(() => {
    if (person.truth.era === era) change(person, null, false)
  })
  await ends
}
