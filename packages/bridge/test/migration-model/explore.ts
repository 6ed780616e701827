import { type Action, apply, listActions } from './actions.ts'
import { findBroken } from './invariants.ts'
import { createState, type State } from './state.ts'
import type { World } from './systems.ts'

/** What was found: how many states were looked at, and the first way to one that is wrong. */
export interface Findings {
  readonly states: number
  readonly broken: string | null
  /** The names of the actions that lead to it. */
  readonly trail: readonly string[]
}

interface Visited {
  readonly state: State
  readonly name: string
  readonly from: Visited | null
}

function trailOf(visited: Visited | null): readonly string[] {
  return visited?.from ? [...trailOf(visited.from), visited.name] : []
}

/** Every state that can be reached, the nearest first, up to so many. */
export function exploreNearest(world: World, mostStates: number): Findings {
  const seen = new Set<string>()
  const queue: Visited[] = [{ state: createState(), name: '', from: null }]
  for (const from of queue) {
    for (const action of listActions(world, from.state)) {
      const state = apply(from.state, action)
      const key = JSON.stringify(state)
      if (seen.has(key)) continue
      seen.add(key)
      const visited = { state, name: action.name, from }
      const broken = findBroken(world, state)
      if (broken !== null) return { states: seen.size, broken, trail: trailOf(visited) }
      if (seen.size >= mostStates) return { states: seen.size, broken: null, trail: [] }
      queue.push(visited)
    }
  }
  return { states: seen.size, broken: null, trail: [] }
}

export interface WalkOptions {
  readonly walks: number
  readonly length: number
  readonly seed: number
}

/** Walks of random actions, deeper than every state can be looked at. The same seed takes the same walks. */
export function exploreAtRandom(world: World, { walks, length, seed }: WalkOptions): Findings {
  const random = createRandom(seed)
  let states = 0
  for (let walk = 0; walk < walks; walk++) {
    let visited: Visited = { state: createState(), name: '', from: null }
    for (let step = 0; step < length; step++) {
      const action = choose(listActions(world, visited.state), random)
      if (action === undefined) break
      visited = { state: apply(visited.state, action), name: action.name, from: visited }
      states++
      const broken = findBroken(world, visited.state)
      if (broken !== null) return { states, broken, trail: trailOf(visited) }
    }
  }
  return { states, broken: null, trail: [] }
}

/** Every third action is one of the operator, where there is any: by chance alone a walk would seldom leave a phase. */
function choose(actions: readonly Action[], random: () => number): Action | undefined {
  const operations = random() < 0.35 ? actions.filter(({ isOfOperator }) => isOfOperator) : []
  const from = operations.length > 0 ? operations : actions
  return from[Math.floor(random() * from.length)]
}

/** Numbers from 0 to 1 (xorshift). */
function createRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
