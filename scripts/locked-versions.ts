/** The packages of pnpm-lock.yaml with all their versions, for runtime and development. */
export function parseLockfile(lockfile: string): ReadonlyMap<string, readonly string[]> {
  const section = /^packages:\n([\s\S]*?)(?=^\S)/m.exec(lockfile)?.[1] ?? ''
  const found = new Map<string, string[]>()
  for (const [, name = '', version = ''] of section.matchAll(/^ {2}'?(@?[^\s@']+)@([^\s':()]+)'?:$/gm))
    found.set(name, [...(found.get(name) ?? []), version])
  return found
}

/** Compares versions of numbers and dots. A pre-release counts as older than its release. */
export function satisfiesMinimum(version: string, minimum: string): boolean {
  const [numbers = '', preRelease] = version.split('-', 2)
  const [has, needs] = [numbers, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]]
  const at = needs.findIndex((need, part) => need !== has[part])
  return at === -1 ? preRelease === undefined : (has[at] ?? 0) > (needs[at] as number)
}
