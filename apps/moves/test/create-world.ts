import { createClient } from './clients.ts'
import type { Service } from './node.ts'
import { createPerson, type Kind, type Person, TOKEN_KINDS, type World } from './person.ts'
import type { Network } from './transport.ts'

/** How much is done. */
export interface Load {
  readonly people: Readonly<Partial<Record<Kind, number>>>
  readonly pauseMs: number
  /** How often everybody has done something before the next step. */
  readonly turns: number
  /** After each round of steps back and forth: whether there is another one. */
  readonly goesOn: (rounds: number) => boolean
  /** Called with each step that was taken, such as `both → new`. */
  readonly onStep?: (step: string) => void
  readonly network: Network
}

export function createPeople({ name, move }: Service, { people }: Load): readonly Person[] {
  const hasCookies = move === 'express' || move === 'flask'
  const kinds = Object.entries(people).filter(([kind]) => !hasCookies || !TOKEN_KINDS.has(kind as Kind))
  return kinds.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, at) =>
      createPerson(`${name}-${kind}-${at}`.replaceAll(' ', '-'), kind as Kind)
    )
  )
}

/** The servers are still to be named, by `pick`. */
export function createWorld(
  { move, name }: Service,
  { pauseMs, network }: Load,
  count: World['count']
): World {
  const isForeign = !move.includes('-to-')
  return {
    client: createClient(move),
    random: createRandom(name),
    stage: 0,
    isOver: false,
    isOldUp: isForeign,
    isOursUp: !isForeign,
    isGathering: false,
    isWakingAll: false,
    pauseMs,
    network,
    isNew: false,
    pick: () => null,
    count,
    requests: 0
  }
}

/** Numbers from 0 to 1, the same for the same text (mulberry32). */
function createRandom(text: string): () => number {
  let state = Buffer.from(text).reduce((sum, byte) => Math.imul(sum ^ byte, 16_777_619), 0x81_1c_9d_c5)
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
