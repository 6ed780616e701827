/** Each step that the phases allow, forth and back. */
const EDGES = [
  'old → both',
  'both → old',
  'both → new',
  'new → both',
  'new → retired',
  'retired → new'
] as const

/** How often each step was taken. */
export interface Edges {
  add(step: string): void
  /** By name, in the order of {@link EDGES}. */
  counts(): Readonly<Record<string, number>>
  /** Of the step that was taken least. */
  least(): number
}

export function createEdges(): Edges {
  const counts = new Map<string, number>(EDGES.map((edge) => [edge, 0]))
  return {
    add: (step) => {
      const count = counts.get(step)
      if (count === undefined) throw new Error(`"${step}" is no step between phases`)
      counts.set(step, count + 1)
    },
    counts: () => Object.fromEntries(counts),
    least: () => Math.min(...counts.values())
  }
}
