import type { ProviderSessions } from './provider-sessions.ts'

/**
 * In the memory of this process. After a restart no login is known to be of a session any more: a token that has a `sub` too then ends
 * all logins of its user.
 *
 * Only what a provider has signed gets here, so that nobody else fills the memory.
 */
export function createMemoryProviderSessions(now: () => number): ProviderSessions {
  const logins = new Map<string, Map<string, number>>()
  const accepted = new Map<string, number>()
  return Object.freeze<ProviderSessions>({
    isShared: false,
    link: async (session, loginId, expiresAt) => {
      for (const [name, linked] of logins) {
        removeExpired(linked, now())
        if (linked.size === 0) logins.delete(name)
      }
      const linked = logins.get(session) ?? new Map<string, number>()
      logins.set(session, linked.set(loginId, expiresAt))
    },
    find: async (session) => [...(logins.get(session)?.keys() ?? [])],
    accept: async (token, expiresAt) => {
      removeExpired(accepted, now())
      accepted.set(token, expiresAt)
    },
    wasAccepted: async (token) => accepted.has(token)
  })
}

function removeExpired(expiryByName: Map<string, number>, now: number): void {
  for (const [name, expiresAt] of expiryByName) if (expiresAt <= now) expiryByName.delete(name)
}
