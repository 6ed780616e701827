import { listActions } from './actions.ts'
import { findBrokenInvariant } from './invariants.ts'
import type { Rules } from './rules.ts'
import { createState, type State } from './state.ts'

/** What was found: how many states were looked at, and the shortest or first way to a violation. */
export interface Findings {
  readonly states: number
  readonly violation: string | null
  /** The names of the actions that lead to it. */
  readonly trail: readonly string[]
}

interface Visited {
  readonly state: State
  readonly name: () => string
  readonly from: Visited | null
}

function trailOf(visited: Visited | null): readonly string[] {
  return visited?.from ? [...trailOf(visited.from), visited.name()] : []
}

/** Every state that can be reached in so many actions, each once. */
export function exploreAll(rules: Rules, start: State, depth: number): Findings {
  const first: Visited = { state: start, name: () => '', from: null }
  const seen = new Set<string>([JSON.stringify(start)])
  let level: readonly Visited[] = [first]
  for (let at = 0; at < depth; at += 1) {
    const next: Visited[] = []
    for (const from of level) {
      for (const { name, apply } of listActions(from.state, rules)) {
        const state = apply(from.state)
        const key = JSON.stringify(state)
        if (seen.has(key)) continue
        seen.add(key)
        const visited = { state, name, from }
        const violation = findBrokenInvariant(state, rules)
        if (violation !== null) return { states: seen.size, violation, trail: trailOf(visited) }
        next.push(visited)
      }
    }
    level = next
  }
  return { states: seen.size, violation: null, trail: [] }
}

export interface WalkOptions {
  readonly clientCount: number
  readonly walks: number
  readonly steps: number
  readonly seed: number
}

/** Walks of random actions: deeper than every state can be looked at. The same seed takes the same walks. */
export function exploreAtRandom(rules: Rules, { clientCount, walks, steps, seed }: WalkOptions): Findings {
  const random = createRandom(seed)
  let states = 0
  for (let walk = 0; walk < walks; walk += 1) {
    let visited: Visited = { state: createState(clientCount), name: () => '', from: null }
    for (let step = 0; step < steps; step += 1) {
      const actions = listActions(visited.state, rules)
      const chosen = actions[Math.floor(random() * actions.length)]
      if (chosen === undefined) break
      visited = { state: chosen.apply(visited.state), name: chosen.name, from: visited }
      states += 1
      const violation = findBrokenInvariant(visited.state, rules)
      if (violation !== null) return { states, violation, trail: trailOf(visited) }
    }
  }
  return { states, violation: null, trail: [] }
}

/** Numbers from 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
