import type { Engine } from './engine.ts'

const PREFIX = 'not given to '

/**
 * Notes a login of ours of which the other system does not know: its instances would log the user out, and so are not to be started
 * before it was given one of theirs.
 */
export async function noteNotGiven(
  { adoptions, migration }: Engine,
  { loginId, userId }: { readonly loginId: string; readonly userId: string }
): Promise<boolean> {
  const owner = { loginId, ledBy: 'new' as const }
  // A claim that has passed: the login is noted, and the name is claimed by nobody.
  const input = { migration: migration.name, key: PREFIX + loginId, claimedUntil: 0, owner }
  return (await adoptions.claim(userId, input)) !== null
}

/** Whether the other system knows a login by this name. Those of systems are ids and digests. */
export function isGiven(key: string): boolean {
  return !key.startsWith(PREFIX)
}
