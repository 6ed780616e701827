import type { Move } from './engine.ts'
import type { Progress } from './steps.ts'

/** From which share of `maxLoginsPerUser` on an operator is warned of a user. */
const CROWDED = 0.8

/** What an operator should know beside the numbers, as sentences. */
export async function listWarnings(
  move: Pick<Move, 'adoptions' | 'logins'>,
  progress: Pick<Progress, 'stored' | 'ledBy' | 'counts'>
): Promise<readonly string[]> {
  const { phase } = progress.stored
  const { throttled = 0, issuedAfterSwitch = 0 } = progress.counts[phase] ?? {}
  const warnings = [await describeCrowdedUser(move, progress.ledBy)]
  if (throttled > 0)
    warnings.push(
      `${throttled} requests found the logins used up that one address may have made: if that grows, all may come by a proxy (trustProxy)`
    )
  if (phase === 'new' && issuedAfterSwitch > 0)
    warnings.push(
      'an instance of the other system still runs: it logs out users who have our credential alone'
    )
  return warnings.filter((warning) => warning !== null)
}

/** A machine account with more clients than it may have logins would sign its own clients out. */
async function describeCrowdedUser(
  { adoptions: { maxLoginsPerUser }, logins }: Pick<Move, 'adoptions' | 'logins'>,
  { mostOfOneUser }: Progress['ledBy']
): Promise<string | null> {
  if (mostOfOneUser === null || mostOfOneUser.count < CROWDED * maxLoginsPerUser) return null
  const login = await logins.resolve(mostOfOneUser.loginId)
  if (login === null) return null
  const { username, userId } = login
  return (
    `the user ${JSON.stringify(username)} (${userId}) has ${mostOfOneUser.count} logins of it, of ${maxLoginsPerUser} that a ` +
    'user may have (maxLoginsPerUser): each one beyond that signs another one out'
  )
}
