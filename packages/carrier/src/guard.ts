import { parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { Carrier, Principal, RejectedReason, RoutePolicy } from '@drawbridge/logins'
import {
  type CarrierLogins,
  checkServeStaleFor,
  isScope,
  onStaleOption,
  onStoreDownOption
} from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuthenticateOutcome, FailedAuthentication } from './authenticate-outcome.ts'
import { registerGuard } from './check-routes.ts'
import { type HttpError, keyNotAllowed } from './errors.ts'
import { createGuardHook, type GuardHook } from './guard-hook.ts'
import { onHeaders } from './on-headers.ts'
import { localPathOption } from './pages/local-path-option.ts'
import { redirectToSignIn } from './pages/redirect.ts'
import { noteRejection, publishRejection } from './rejections.ts'
import { isForwarded } from './forward-auth/forwarded.ts'
import { type GuardTag, tagGuard } from './open-api/guard-tag.ts'
import { isGuardExempt } from './public-route.ts'
import { findPrincipalConflict } from './request-principal.ts'

/** Options of a guard. */
export interface GuardOptions extends RoutePolicy {
  /** The login must have all of these, one or more; 403 otherwise. */
  readonly scopes?: readonly string[]
  /**
   * The user must have authenticated no longer ago than this, seconds, 1 to 31 536 000; 401 with the code
   * `DRAWBRIDGE_REAUTHENTICATE` otherwise (RFC 9470, ASVS 5.0 7.5.3). Use of the login and a refresh do not count, `reauthenticate`
   * does. A key is refused with 403: no user authenticates by one. Default: any time.
   */
  readonly maxAgeSeconds?: number
}

/** Options of a guard that takes cookies. */
export interface PageGuardOptions extends GuardOptions {
  /**
   * The page where users sign in, a path of this origin. A navigation (GET or HEAD that accepts `text/html`) that would get a
   * 401 is redirected there with 303, and with its own path as `next` in the query, for {@link nextPath}. Any other request gets
   * the 401; 400, 403 and 503 stay.
   */
  readonly redirectTo?: string
}

/**
 * Lets requests through that present an active login, and sets `request.principal`; 400, 401, 403 or 503 otherwise. A public
 * route is open to other requests too: it has a principal where this node knows it without asking the store.
 *
 * It is a hook itself, and makes others when it is called with options.
 *
 * @example
 * app.get('/me', { onRequest: app.sessionAuth.guard }, handler)
 * app.get('/admin', { onRequest: app.sessionAuth.guard({ scopes: ['admin'] }) }, handler)
 */
export interface Guard<Options extends GuardOptions = GuardOptions> extends GuardHook {
  /** @throws OptionError that names what is wrong. */
  (options: Options): GuardHook
}

/** A credential that this node cannot judge by itself; what else is in it is its carrier's. */
export interface Unresolved {
  readonly ok: null
}

/** A request that is let through, and by which login. */
export type Authenticated = Extract<AuthenticateOutcome, { ok: true }>

/** What is particular to one carrier, or to one choice of carriers. */
export interface GuardedCarrier<
  Pending extends Unresolved,
  Failure extends { readonly ok: false } = FailedAuthentication
> {
  /** Of the credentials that it takes, for an OpenAPI document. */
  readonly carriers: readonly Carrier[]
  /** What this node knows by itself. On the hot path. */
  authenticateLocally(
    request: FastifyRequest,
    countsAsUse: boolean | undefined
  ): Authenticated | Failure | Pending
  /**
   * Asks the store where it must. Rejects when the store is down.
   *
   * @param reply gets what the carrier sends again; without one, it sends nothing.
   */
  resolve(pending: Pending, policy: RoutePolicy, reply?: FastifyReply): Promise<Authenticated | Failure>
  /** A response behind a guard depends on its credential. A handler that needs other headers sets them after this. */
  setNoStore(reply: FastifyReply): void
  toHttpError(failure: Failure, request: FastifyRequest): HttpError
  insufficientScope(missing: string, required: readonly string[]): HttpError
  /**
   * The login is active, and its user authenticated more than so many seconds ago. Absent where no user authenticates by the
   * credentials.
   */
  reauthenticationRequired?(principal: Principal, maxAgeSeconds: number): HttpError
}

const scope = v.pipe(
  v.string('must be a string'),
  v.check((text) => isScope(text), 'must be a scope as RFC 6749 section 3.3 has it')
)

const policyEntries = {
  onStale: v.optional(onStaleOption),
  onStoreDown: v.optional(onStoreDownOption),
  countsAsUse: v.optional(v.boolean('must be true or false'))
}

const policySchema = v.strictObject(policyEntries)

const ONE_YEAR = 31_536_000

const guardEntries = {
  ...policyEntries,
  scopes: v.optional(
    v.pipe(v.array(scope, 'must be a list of scopes'), v.minLength(1, 'must have one scope or more'))
  ),
  maxAgeSeconds: v.optional(wholeNumber(1, ONE_YEAR))
}

const guardSchema = v.strictObject(guardEntries)

const pageGuardSchema = v.strictObject({ ...guardEntries, redirectTo: v.optional(localPathOption) })

type Retention = Pick<CarrierLogins, 'retentionSeconds'>

type GuardLogins = Pick<CarrierLogins, 'retentionSeconds' | 'now' | 'publishEvent'>

/** The policy of a call of `authenticate`. @throws OptionError that begins with `name`. */
export function parseRoutePolicy(
  name: string,
  policy: RoutePolicy | undefined,
  logins: Retention
): RoutePolicy {
  return policy === undefined ? {} : parse(name, policySchema, policy, logins)
}

function parse<const S extends v.GenericSchema<unknown, object>>(
  name: string,
  schema: S,
  input: unknown,
  { retentionSeconds }: Retention
) {
  const options = parseOptions(name, schema, input)
  checkServeStaleFor(name, (options as RoutePolicy).onStoreDown, retentionSeconds)
  // Without what was given as undefined.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** @param owner what the plugin adds to the application, such as `sessionAuth`. */
export function createGuard<Pending extends Unresolved, Failure extends { readonly ok: false }>(
  owner: string,
  carrier: GuardedCarrier<Pending, Failure>,
  logins: GuardLogins
): Guard<PageGuardOptions> {
  const schema = carrier.carriers.includes('session') ? pageGuardSchema : guardSchema
  const create = (options: PageGuardOptions) =>
    tagGuard(createHook(carrier, options, logins), toTag(carrier, options))
  const hook = create({}) as (...args: unknown[]) => unknown
  // All arguments: `createGuardHook` tells by them whether it was called with a callback.
  function guard(requestOrOptions: unknown, reply: unknown, done: unknown, next: unknown) {
    if (reply === undefined) return create(parse(`${owner}.guard`, schema, requestOrOptions, logins))
    return hook(requestOrOptions, reply, done, next)
  }
  return registerGuard(tagGuard(guard as unknown as Guard<PageGuardOptions>, toTag(carrier, {})))
}

function toTag(
  { carriers }: { readonly carriers: readonly Carrier[] },
  { scopes = [], maxAgeSeconds, redirectTo }: PageGuardOptions
): GuardTag {
  return { carriers, scopes, maxAgeSeconds, isRedirecting: redirectTo !== undefined }
}

function createHook<Pending extends Unresolved, Failure extends { readonly ok: false }>(
  carrier: GuardedCarrier<Pending, Failure>,
  { scopes = [], maxAgeSeconds, redirectTo, ...policy }: PageGuardOptions,
  logins: GuardLogins
): GuardHook {
  const findRejection = (request: FastifyRequest, principal: Principal): HttpError | null => {
    const missing = findMissing(scopes, principal.scopes)
    if (missing !== undefined)
      return noteOf(principal, 'insufficient-scope', carrier.insufficientScope(missing, scopes))
    const conflict = findPrincipalConflict(request, principal)
    if (conflict !== null) return noteOf(principal, 'ambiguous', conflict)
    if (maxAgeSeconds === undefined) return null
    if (principal.carrier === 'key' || carrier.reauthenticationRequired === undefined)
      return noteOf(principal, 'key-not-allowed', keyNotAllowed('no user authenticates by a key'))
    if (logins.now() - principal.authenticatedAt <= maxAgeSeconds * 1000) return null
    const error = carrier.reauthenticationRequired(principal, maxAgeSeconds)
    return noteOf(principal, 'reauthentication-required', error)
  }
  const rejectOrRedirect = (request: FastifyRequest, reply: FastifyReply, error: HttpError) => {
    const isRedirected = redirectTo !== undefined && error.statusCode === 401
    const redirect = isRedirected ? redirectToSignIn(request, redirectTo) : null
    // No error is sent, which the hook would see.
    if (redirect !== null) publishRejection(logins, error)
    return redirect ?? sendChallenge(reply, error)
  }
  const authorize = (request: FastifyRequest, reply: FastifyReply, principal: Principal) => {
    const error = findRejection(request, principal)
    if (error !== null && !isGuardExempt(request)) return rejectOrRedirect(request, reply, error)
    request.principal = error === null ? principal : null
    return null
  }
  const rejectFailure = (request: FastifyRequest, reply: FastifyReply, failure: Failure) =>
    rejectOrRedirect(request, reply, carrier.toHttpError(failure, request))
  const resolve = async (request: FastifyRequest, reply: FastifyReply, pending: Pending) => {
    // A proxy drops the cookies of a response to its own request.
    const outcome = await carrier.resolve(pending, policy, isForwarded(request) ? undefined : reply)
    return outcome.ok ? authorize(request, reply, outcome.principal) : rejectFailure(request, reply, outcome)
  }
  return createGuardHook((request, reply) => {
    const known = carrier.authenticateLocally(request, policy.countsAsUse)
    if (known.ok !== true && isGuardExempt(request)) return null
    carrier.setNoStore(reply)
    if (known.ok === true) return authorize(request, reply, known.principal)
    return known.ok === null ? resolve(request, reply, known) : rejectFailure(request, reply, known)
  })
}

/** Notes that an error rejects an active login. @returns the error. */
function noteOf(
  { carrier, loginId, userId }: Principal,
  reason: RejectedReason,
  error: HttpError
): HttpError {
  return noteRejection(error, { reason, carrier, loginId, userId })
}

/** A loop: `find` would make a closure for each request. */
function findMissing(required: readonly string[], granted: readonly string[]): string | undefined {
  for (const scope of required) if (!granted.includes(scope)) return scope
  return undefined
}

/**
 * The challenge is sent even where an error handler of the application does not copy the headers of the error; not with the
 * response of another guard that lets the request through.
 */
function sendChallenge(reply: FastifyReply, error: HttpError): HttpError {
  const { headers: challenge } = error
  if (challenge?.['www-authenticate'] === undefined) return error
  onHeaders(reply, (statusCode, headers) =>
    statusCode === error.statusCode && headers['www-authenticate'] === undefined ? challenge : {}
  )
  return error
}
