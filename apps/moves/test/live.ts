import { setTimeout as sleep } from 'node:timers/promises'
import type { Kind, Person, World } from './person.ts'
import { convert, drain, visit, write } from './requests.ts'
import { signIn, signOut } from './sign-in.ts'

/** Lives until the world is over. */
export async function live(world: World, person: Person): Promise<void> {
  let seen = -1
  while (!world.isOver) {
    const isNewStage = seen !== world.stage
    if (isNewStage) {
      Object.assign(person, { withOurs: 0, withBoth: 0, turns: 0 })
      person.isAsleep = person.kind === 'mobile' && world.random() < 0.5
    }
    seen = world.stage
    if (comesBy(world, person, isNewStage)) await turn(world, person)
    if (seen === world.stage) person.turns++
    await sleep(world.pauseMs * (person.kind === 'hasty newcomer' ? 0.25 : 0.5 + world.random()))
  }
  await drain(person.held)
  await drain(person.late)
}

function comesBy(world: World, { kind, isAsleep }: Person, isNewStage: boolean): boolean {
  if (isAsleep) return world.isWakingAll
  return kind !== 'visitor' || isNewStage || world.isGathering
}

const BURSTING: ReadonlySet<Kind> = new Set(['browser', 'leaver', 'spa'])
const STAYING: ReadonlySet<Kind> = new Set(['browser', 'keeper'])
const SELDOM_LEAVING: ReadonlySet<Kind> = new Set(['visitor', 'spa', 'mobile'])
const NEWCOMERS: ReadonlySet<Kind> = new Set(['newcomer', 'hasty newcomer'])

async function turn(world: World, person: Person): Promise<void> {
  const { random, client } = world
  if (person.truth.user === null) {
    if (world.isGathering && random() < 0.5) return visit(world, person)
    return signIn(world, person)
  }
  const isStaying = world.isGathering || STAYING.has(person.kind)
  const mayLeave = !isStaying && (world.isOursUp || client.canSignOut('old'))
  const chance = SELDOM_LEAVING.has(person.kind) ? 0.05 : 0.25
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
  if (world.isOursUp) await convert(world, person)
}
