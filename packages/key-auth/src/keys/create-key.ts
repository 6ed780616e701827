import {
  type CreatedKey,
  deviceFrom,
  type NewKeyInput,
  principalOf,
  refuseKey,
  revokeOnError,
  type UnsentLogins
} from '@drawbridge/carrier'
import type { DeviceInfo, Login, Principal } from '@drawbridge/logins'
import type { CarrierLogins, LoginWithClaims, NewKeyLogin } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { insufficientScope, tooManyKeys, unauthorized } from '../errors.ts'
import type { ParsedOptions } from '../options.ts'
import { hashSecret, type KeyFormat, newSecret } from './key-format.ts'
import { parseNewKey } from './parse-new-key.ts'

/** What is needed to make keys. */
export interface CreateKeyDependencies extends Pick<ParsedOptions, 'maxLifetimeSeconds'> {
  readonly logins: CarrierLogins
  readonly format: KeyFormat
  readonly unsent: UnsentLogins
}

/** The owner of a key that no request asks for. */
export interface KeyOwner {
  readonly id: string
  readonly username: string
}

const NO_DEVICE: DeviceInfo = { userAgent: '', address: '' }

/** See `KeyAuth.create`. The only response that ever has the key may still fail. */
export async function createKey(
  dependencies: CreateKeyDependencies,
  request: FastifyRequest,
  input: NewKeyInput,
  reply: FastifyReply | undefined
): Promise<CreatedKey> {
  const created = await createBy(dependencies, principalOf(request), deviceFrom(request), input)
  dependencies.unsent.add(request, { loginId: created.id, isIn: (statusCode) => statusCode < 400 }, reply)
  return created
}

/** See `KeyAuth.createByPrincipal`. */
export async function createKeyByPrincipal(
  dependencies: CreateKeyDependencies,
  principal: Principal,
  input: NewKeyInput
): Promise<CreatedKey> {
  return createBy(dependencies, principal, NO_DEVICE, input)
}

/**
 * The login of the user is read from the store, never from a cache: before, for the scopes that it has now, and after the key is
 * written. A key that is written before the user's logins are revoked is revoked with them; one that is written later finds
 * that the login of its creator is gone, and is revoked here. So is one that was asked for by a credential from before its user
 * authenticated again: that may have been copied, and is replaced since.
 */
async function createBy(
  dependencies: CreateKeyDependencies,
  principal: Principal,
  device: DeviceInfo,
  input: NewKeyInput
): Promise<CreatedKey> {
  const { logins } = dependencies
  refuseKey(principal)
  const asked = parse(dependencies, input)
  const creator = await findCreator(logins, principal)
  const missing = asked.scopes.find((scope) => !creator.claims.scopes.includes(scope))
  if (missing !== undefined) throw insufficientScope(missing)
  const { userId: id, username, authenticatedAt } = creator
  const created = await insert(dependencies, asked, { user: { id, username }, device, authenticatedAt })
  await revokeOnError(logins, created, () => findCreator(logins, principal))
  return created
}

/** See `KeyAuth.createFor`. */
export async function createKeyFor(
  dependencies: CreateKeyDependencies,
  { id, username }: KeyOwner,
  input: NewKeyInput
): Promise<CreatedKey> {
  return insert(dependencies, parse(dependencies, input), { user: { id, username }, device: NO_DEVICE })
}

function parse({ logins, maxLifetimeSeconds }: CreateKeyDependencies, input: NewKeyInput): NewKeyInput {
  return parseNewKey(input, logins.now(), maxLifetimeSeconds)
}

/** @throws HttpError 401 where the login of a guarded request is no longer active, or goes on with another credential. */
async function findCreator(logins: CarrierLogins, principal: Principal): Promise<LoginWithClaims> {
  const login = await logins.resolve(principal.loginId)
  if (login?.userId !== principal.userId) throw unauthorized('the login was revoked', 'invalid_token')
  if (isOutdated(principal, login))
    throw unauthorized('the user has authenticated again since', 'invalid_token')
  return logins.withClaims(login)
}

/** An access token has the time of authentication in seconds (`auth_time`). */
function isOutdated({ carrier, authenticatedAt }: Principal, login: Login): boolean {
  return login.authenticatedAt - authenticatedAt >= (carrier === 'token' ? 1000 : 1)
}

async function insert(
  { logins, format }: CreateKeyDependencies,
  { name, scopes, expiresAt }: NewKeyInput,
  owner: Pick<NewKeyLogin, 'user' | 'device' | 'authenticatedAt'>
): Promise<CreatedKey> {
  const secret = newSecret()
  const key = { secretHash: hashSecret(secret), name }
  const login = await logins.createKey({ ...owner, key, scopes, expiresAt })
  if (login === null) throw tooManyKeys()
  const { id, createdAt } = login
  return { token: format.write({ loginId: id, secret }), id, name, scopes, createdAt, expiresAt }
}
