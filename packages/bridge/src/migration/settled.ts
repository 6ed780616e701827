import type { Principal } from '@drawbridge/logins'

/**
 * The principals of logins that we lead, as far as this node has asked. By the object, which is cached for one credential: the
 * hot path looks nothing up by name. Forgotten with each step.
 */
export interface Settled {
  has(principal: Principal): boolean
  /** @param version of the phase in which this was found out. */
  add(principal: Principal, version: number): void
  /** Forgets all where the version is another one than before. */
  enter(version: number): void
}

export function createSettled(): Settled {
  let principals = new WeakSet<Principal>()
  let current = 0
  const enter = (version: number) => {
    if (version === current) return
    principals = new WeakSet()
    current = version
  }
  return {
    has: (principal) => principals.has(principal),
    add: (principal, version) => {
      if (version === current) principals.add(principal)
    },
    enter
  }
}
