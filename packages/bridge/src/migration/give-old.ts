import type { FastifyReply } from 'fastify'
import type { Leader, LinkedLogin } from './decide-lead.ts'
import type { Engine, Moment } from './engine.ts'
import { isGiven, noteNotGiven } from './not-given.ts'

/**
 * Gives a login of ours one of the other system too. Between the claim and the write there a log-out on another node ends what
 * is not there yet: whether ours is active is asked once more.
 *
 * @param leader who leads the login where it had no link so far.
 * @returns false where the login was revoked meanwhile: nothing of it is left there.
 */
export async function giveOld(
  engine: Engine,
  reply: FastifyReply,
  ours: LinkedLogin,
  leader: Leader,
  { phase }: Pick<Moment, 'phase'>
): Promise<boolean> {
  const { logins, old, adoptions, migration, counts } = engine
  const login = await logins.resolve(ours.loginId)
  if (login === null) return false
  const earlier = ours.link?.key
  const key = await old.give(reply, login, earlier !== undefined && isGiven(earlier) ? earlier : null)
  const owner = { loginId: login.id, ledBy: ours.link?.ledBy ?? leader }
  const claim = await adoptions.claim(login.userId, {
    migration: migration.name,
    key,
    claimedUntil: login.expiresAt,
    owner
  })
  if (claim !== null && claim.loginId !== login.id) {
    // The very same credential, of the same user and moment, is that of another login: this one gets its own later.
    old.clear(reply)
    return ours.link !== null || noteNotGiven(engine, { loginId: login.id, userId: login.userId })
  }
  if (claim !== null && (await logins.resolve(login.id)) !== null) {
    counts.add(phase, 'givenBack')
    return true
  }
  await old.revoke(key)
  old.clear(reply)
  return false
}
