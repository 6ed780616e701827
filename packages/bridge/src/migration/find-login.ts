import type { Move } from './engine.ts'
import type { LoginMigration } from './types.ts'

/** See `Migrations.findLogin`. */
export async function findLogin(
  { migration, adoptions, logins, watch }: Move,
  loginId: string
): Promise<LoginMigration> {
  const { phase } = watch.current
  const adoption = await adoptions.find(loginId)
  const isLinked = adoption?.migration === migration.name
  const ledBy = isLinked ? adoption.ledBy : (await logins.resolve(loginId)) === null ? 'old' : 'new'
  return { phase, ledBy, acceptUntil: migration.acceptUntil?.getTime() ?? null }
}

/**
 * Whether a login comes from a sign-in with us: neither made for a credential of the other system, nor one of it of which
 * nothing of ours is made. Whoever has stolen a secret of that system can sign any user in by it.
 */
export async function isOwnSignIn(
  { adoptions, logins }: Pick<Move, 'adoptions' | 'logins'>,
  loginId: string
): Promise<boolean> {
  const adoption = await adoptions.find(loginId)
  if (adoption !== null) return adoption.adoptedAt === null
  return (await logins.resolve(loginId)) !== null
}
