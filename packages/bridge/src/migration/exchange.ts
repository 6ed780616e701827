import { randomBytes } from 'node:crypto'
import type { AccessTokenResponse, BridgedTokens } from '@drawbridge/carrier'
import { failedAuthentication } from '@drawbridge/carrier'
import type { Adoption } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import { alreadyCarried } from '../errors.ts'
import { adoptThrottled, throttledError } from './adopt.ts'
import { beginMoment, type Engine, type Moment } from './engine.ts'
import { gone, stepRefused } from './errors.ts'
import type { OldCredential } from './old-side.ts'

/**
 * Issues tokens of ours for a token of the other system, which stays what it was until that is retired. From now on we lead the
 * login. Any number of calls, on any node, get the very same refresh token for as long as it was not used.
 *
 * A token that names no login, as some systems make them, is many devices: each call is then a login of its own.
 *
 * @throws HttpError 401; 409 before the phase `both`, or where the refresh token was used; 410 in the phase `retired`; 429 for an address that
 * has had too many logins made; 503.
 */
export async function exchangeOld(
  engine: Engine,
  tokens: BridgedTokens,
  request: FastifyRequest
): Promise<AccessTokenResponse> {
  if (!engine.watch.isKnown && (await engine.old.present(request, engine.logins.now())).kind !== 'found')
    throw unauthorized(tokens, request, 'no valid token of the other system')
  const moment = beginMoment(engine)
  if (moment.phase === 'retired') throw gone('the other system is retired')
  if (moment.phase === 'old')
    throw stepRefused(`${engine.migration.name} is "old": its tokens are not exchanged yet`)
  const presented = await engine.old.present(request, moment.now)
  if (presented.kind !== 'found') throw unauthorized(tokens, request, 'no valid token of the other system')
  const old = named(presented.old)
  const asOf = engine.logins.now()
  const outcome = await adoptThrottled(engine, request, old, 'new', moment)
  if (outcome.kind === 'throttled') throw throttledError(outcome)
  if (outcome.kind !== 'adopted' && outcome.kind !== 'existing')
    throw unauthorized(tokens, request, `the token is ${outcome.kind}`)
  const { login, adoption } = outcome
  if (adoption.ledBy === 'old') await handOver(engine, login.id, adoption, moment)
  const response = tokens.deriveTokens(old.secret, login.id).createResponse(login, asOf)
  if (response === null) throw alreadyCarried('the refresh token that was given for this token has been used')
  return response
}

async function handOver(
  { adoptions, counts }: Engine,
  loginId: string,
  adoption: Adoption,
  { phase }: Moment
): Promise<void> {
  await adoptions.lead(loginId, { ...adoption, ledBy: 'new' })
  counts.add(phase, 'handedOver')
}

function named(old: OldCredential): OldCredential & { readonly key: string } {
  const { key, secret } = old
  if (key !== null) return { ...old, key }
  const random = randomBytes(16).toString('base64url')
  return { ...old, key: random, secret: `${secret}.${random}` }
}

function unauthorized({ guarded }: BridgedTokens, request: FastifyRequest, cause: string) {
  return guarded.toHttpError(failedAuthentication('invalid', cause), request)
}
