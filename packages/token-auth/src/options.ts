import { createHash } from 'node:crypto'
import type { Logins, RootSecret } from '@drawbridge/logins'
import { carrierLogins, rootSecret } from '@drawbridge/logins/carrier'
import {
  type CredentialsVerifier,
  type GetSignInResponse,
  isRoutePath,
  type OptionalRoutesOption,
  type RoutePaths,
  type RoutesOption,
  routesOption,
  usernameFieldOption
} from '@drawbridge/carrier'
import { clock, func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { type ParsedClient, parseClients, type TokenClient } from './clients/parse-clients.ts'
import type { KeyRingJwk } from './keys/jwk.ts'
import { type KeyRing, parseKeyRing, toRootSecrets } from './keys/key-ring.ts'

type OwnRoute = 'login' | 'secondFactor' | 'refresh' | 'logout' | 'jwks'
type RouteForServices = (typeof ROUTES_FOR_SERVICES)[number]

/** They are there only where they are named. */
const ROUTES_FOR_SERVICES = ['introspect', 'revoke', 'metadata'] as const

/** The option `routes`. */
export type TokenRoutesOption =
  | boolean
  | Exclude<RoutesOption<OwnRoute> & OptionalRoutesOption<RouteForServices>, boolean>

/** Options of {@link tokenAuth}. */
export interface TokenAuthOptions {
  /** Verifies username and password: `createCredentials`, or anything with its `verify`. */
  readonly credentials: CredentialsVerifier
  /** The logins: `createLogins`. The same instance as session-auth's where both are registered. */
  readonly logins: Logins
  /** A JWK Set or a list of JWKs: the first signs and is private, all verify. */
  readonly keys: { readonly keys: readonly KeyRingJwk[] } | readonly KeyRingJwk[]
  /**
   * Root secret of refresh tokens and of the tickets of pending logins, 32 bytes or more; of several, the first signs and
   * all verify. Default: one derived from each private key of `keys`; without the key, the refresh tokens made under it are
   * then invalid too.
   */
  readonly secret?: RootSecret
  /** Path of the routes. Default `/token`. */
  readonly prefix?: string
  /**
   * False: no routes of ours, only the methods and the guard. Or, by name, the path of one below `prefix`, or false to leave
   * it out: `{ login: false, refresh: '/renew' }`. `jwks`, the public keys, is at `/.well-known/jwks.json`, or at the path
   * that is given, below the prefix of the scope that the plugin is registered in. Default true.
   *
   * Three are for other services, and there only where they are named, by true or a path: `introspect` (RFC 7662), for the
   * `clients`; `revoke` (RFC 7009); and `metadata` (RFC 8414), at `/.well-known/oauth-authorization-server`, for an `issuer` that
   * is a URL.
   */
  readonly routes?: TokenRoutesOption
  /** The services that may ask about tokens at the route `introspect`. Default none. */
  readonly clients?: readonly TokenClient[]
  /** What the body of a sign-in calls the username, such as `email`. Default `username`. */
  readonly usernameField?: string
  /** Tags of our routes in an OpenAPI document; an empty list for none. Default `['token']`. */
  readonly tags?: readonly string[]
  /** True: our routes are not in an OpenAPI document. Guards are described all the same. Default false. */
  readonly hideRoutes?: boolean
  /** `iss` of the tokens, issued and required. Default `drawbridge`. */
  readonly issuer?: string
  /** `aud` of the tokens, issued and required. Default `drawbridge`. */
  readonly audience?: string
  /** Lifetime of an access token, seconds, 1 to 3600. Default 600 (10 minutes). */
  readonly accessTokenTtlSeconds?: number
  /**
   * A login ends when it is not refreshed for this long, seconds; 0 for no idle limit, else above `accessTokenTtlSeconds`.
   * Default 1 209 600 (14 days).
   */
  readonly refreshIdleTimeoutSeconds?: number
  /** A login ends this long after the sign-in, whatever its use, seconds. Default 2 592 000 (30 days). */
  readonly refreshAbsoluteTimeoutSeconds?: number
  /** For this long after a rotation the replaced token still gives the same successor, seconds, 0 to 300. Default 10. */
  readonly refreshGraceSeconds?: number
  /** How far the clocks of two nodes may be apart, seconds, 0 to 60. Default 5. */
  readonly clockSkewSeconds?: number
  /** How long a sign-in waits for its second factor, seconds, 30 to 3600. Default 300. */
  readonly secondFactorTimeoutSeconds?: number
  /**
   * What the body of the response to a sign-in by our routes has, beside the tokens: a JSON object, from the principal of the new login. Where
   * it fails, nobody is signed in. Default none.
   */
  readonly getSignInResponse?: GetSignInResponse
  /** ms since the epoch. Default: that of `logins`, the same on all nodes. */
  readonly now?: () => number
}

const DAY = 86_400
const MAX_LIFETIME_SECONDS = 365 * DAY

const name = v.pipe(
  v.string('must be a string'),
  v.check((text) => text !== '' && text.length <= 255 && text.isWellFormed(), 'must have 1 to 255 characters')
)

const schema = v.strictObject({
  credentials: objectWithMethods<CredentialsVerifier>(
    'the credentials that createCredentials makes',
    'verify'
  ),
  logins: carrierLogins,
  // Read by `parseKeyRing`, whose messages have nothing of a key.
  keys: v.unknown(),
  secret: v.optional(rootSecret),
  prefix: v.optional(
    v.custom<string>((value) => value === '' || isRoutePath(value), 'must be empty or a path like "/token"'),
    '/token'
  ),
  routes: routesOption(
    {
      login: '/login',
      secondFactor: '/login/second-factor',
      refresh: '/refresh',
      logout: '/logout',
      jwks: '/.well-known/jwks.json',
      introspect: '/introspect',
      revoke: '/revoke',
      metadata: '/.well-known/oauth-authorization-server'
    },
    ROUTES_FOR_SERVICES,
    ROUTES_FOR_SERVICES
  ),
  // Read by `parseClients`.
  clients: v.optional(v.array(v.unknown(), 'must be a list'), []),
  usernameField: usernameFieldOption,
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['token']),
  hideRoutes: v.optional(v.boolean('must be true or false'), false),
  issuer: v.optional(name, 'drawbridge'),
  audience: v.optional(name, 'drawbridge'),
  accessTokenTtlSeconds: v.optional(wholeNumber(1, 3600), 600),
  refreshIdleTimeoutSeconds: v.optional(wholeNumber(0, MAX_LIFETIME_SECONDS), 14 * DAY),
  refreshAbsoluteTimeoutSeconds: v.optional(wholeNumber(1, MAX_LIFETIME_SECONDS), 30 * DAY),
  refreshGraceSeconds: v.optional(wholeNumber(0, 300), 10),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5),
  secondFactorTimeoutSeconds: v.optional(wholeNumber(30, 3600), 300),
  getSignInResponse: v.optional(func<GetSignInResponse>()),
  now: v.optional(clock())
})

type SchemaOutput = Omit<v.InferOutput<typeof schema>, 'keys' | 'secret' | 'now' | 'clients'>

/** The options, checked and with defaults. */
export interface ParsedOptions extends Readonly<SchemaOutput> {
  readonly ring: KeyRing
  readonly clients: readonly ParsedClient[]
  readonly refreshSecrets: readonly string[]
  /**
   * Distinguishes this instance of the plugin from another with the same root secret: it is part of each key that is derived
   * from that, so that no instance accepts the refresh tokens and tickets of another.
   */
  readonly instance: string
  readonly now: () => number
}

/** @throws OptionError */
export function parseTokenAuthOptions(input: TokenAuthOptions): ParsedOptions {
  const { keys, secret, now, clients, ...parsed } = parseOptions('tokenAuth', schema, input)
  checkRetention(parsed)
  checkIdleTimeout(parsed)
  const ring = parseKeyRing(keys)
  checkRoutesForServices(parsed, clients.length)
  return Object.freeze({
    ...parsed,
    ring,
    clients: parseClients(clients),
    refreshSecrets: secret ?? toRootSecrets(ring),
    instance: hashIdentity(parsed),
    now: now ?? (() => parsed.logins.now())
  })
}

/** A digest, since the label of a derived key is limited (1024 bytes in OpenSSL), and these names may be long. */
function hashIdentity(names: Pick<SchemaOutput, 'issuer' | 'audience'>): string {
  return createHash('sha256').update(createIdentity(names)).digest('base64url')
}

/** What distinguishes an instance of the plugin from others, as text for messages. */
export function createIdentity({ issuer, audience }: Pick<SchemaOutput, 'issuer' | 'audience'>): string {
  return JSON.stringify([issuer, audience])
}

/** What our secrets sign, apart from every other instance of a plugin. */
export function createSigningPurpose({ instance }: Pick<ParsedOptions, 'instance'>): string {
  return `a token ${instance}`
}

/**
 * An access token ends with its login. Where that is idle before the token has expired, a client that refreshes when it
 * has is logged out, however active it is.
 */
function checkIdleTimeout({ refreshIdleTimeoutSeconds, accessTokenTtlSeconds }: SchemaOutput): void {
  if (refreshIdleTimeoutSeconds === 0 || refreshIdleTimeoutSeconds > accessTokenTtlSeconds) return
  throw new OptionError(
    `tokenAuth.refreshIdleTimeoutSeconds (${refreshIdleTimeoutSeconds}) must be 0 or above ` +
      `tokenAuth.accessTokenTtlSeconds (${accessTokenTtlSeconds}), or a client that refreshes when its token has expired is logged out`
  )
}

function checkRoutesForServices(
  { routes, issuer }: { readonly routes: RoutePaths<RouteForServices>; readonly issuer: string },
  clientCount: number
): void {
  if (routes.introspect !== false && clientCount === 0)
    throw new OptionError('tokenAuth.clients must name who may ask, where tokenAuth.routes has introspect')
  if (routes.metadata !== false && !isIssuerUrl(issuer))
    throw new OptionError(
      'tokenAuth.issuer must be a URL without a query, where tokenAuth.routes has metadata, such as "https://login.example"'
    )
}

/** RFC 8414 section 2. */
function isIssuerUrl(issuer: string): boolean {
  return /^https?:\/\/[^?#]+$/.test(issuer) && URL.canParse(issuer)
}

/** A node forgets a revocation after the retention; no token may be valid by itself for longer. */
function checkRetention({ accessTokenTtlSeconds, clockSkewSeconds, logins }: SchemaOutput): void {
  if (accessTokenTtlSeconds + clockSkewSeconds <= logins.retentionSeconds) return
  throw new OptionError(
    `tokenAuth.accessTokenTtlSeconds (${accessTokenTtlSeconds}) with tokenAuth.clockSkewSeconds ` +
      `(${clockSkewSeconds}) must not be above logins.retentionSeconds (${logins.retentionSeconds})`
  )
}
