import { createHash } from 'node:crypto'
import type { Logins } from '@drawbridge/logins'
import {
  type CredentialsVerifier,
  isRoutePath,
  parseGetScopes,
  rootSecret,
  type GetScopes
} from '@drawbridge/carrier'
import { clock, func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { type KeyRing, parseKeyRing, toRootSecrets } from './keys/key-ring.ts'
import type { TokenAuthOptions } from './types.ts'

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
  logins: objectWithMethods<Logins>(
    'the logins that createLogins makes',
    'create',
    'rotate',
    'localStatus',
    'openCache'
  ),
  // Read by `readKeyRing`, whose messages show nothing of a key.
  keys: v.unknown(),
  secret: v.optional(rootSecret),
  prefix: v.optional(
    v.custom<string>((value) => value === '' || isRoutePath(value), 'must be empty or a path like "/token"'),
    '/token'
  ),
  routes: v.optional(v.boolean('must be true or false'), true),
  jwksPath: v.optional(
    v.custom<string | false>(
      (value) => value === false || isRoutePath(value),
      'must be false or a path like "/.well-known/jwks.json"'
    ),
    '/.well-known/jwks.json'
  ),
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['token']),
  issuer: v.optional(name, 'drawbridge'),
  audience: v.optional(name, 'drawbridge'),
  accessTokenTtlSeconds: v.optional(wholeNumber(1, 3600), 600),
  refreshIdleTimeoutSeconds: v.optional(wholeNumber(0, MAX_LIFETIME_SECONDS), 14 * DAY),
  refreshAbsoluteTimeoutSeconds: v.optional(wholeNumber(1, MAX_LIFETIME_SECONDS), 30 * DAY),
  refreshGraceSeconds: v.optional(wholeNumber(0, 300), 10),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5),
  secondFactorTimeoutSeconds: v.optional(wholeNumber(30, 3600), 300),
  getScopes: v.optional(func<GetScopes>()),
  now: v.optional(clock())
})

type SchemaOutput = Omit<v.InferOutput<typeof schema>, 'keys' | 'secret' | 'now' | 'getScopes'>

/** The options, checked and whole. */
export interface ParsedOptions extends Readonly<SchemaOutput> {
  readonly ring: KeyRing
  readonly refreshSecrets: readonly string[]
  /**
   * What tells this instance of the plugin from another with the same root secret: it goes into each key that is derived
   * from that, so that no instance accepts the refresh tokens and tickets of another.
   */
  readonly instance: string
  readonly getScopes: GetScopes
  readonly now: () => number
}

export function parseTokenAuthOptions(input: TokenAuthOptions): ParsedOptions {
  const { keys, secret, getScopes, now, ...parsed } = parseOptions('tokenAuth', schema, input)
  checkRetention(parsed)
  const ring = parseKeyRing(keys)
  return Object.freeze({
    ...parsed,
    ring,
    refreshSecrets: secret ?? toRootSecrets(ring),
    instance: hashIdentity(parsed),
    getScopes: parseGetScopes(getScopes, 'tokenAuth.getScopes'),
    now: now ?? (() => parsed.logins.now())
  })
}

/** A digest, because the label of a derived key has an end (1024 bytes in OpenSSL), and these names may be long. */
function hashIdentity(names: Pick<SchemaOutput, 'issuer' | 'audience'>): string {
  return createHash('sha256').update(createIdentity(names)).digest('base64url')
}

/** What tells an instance of the plugin from others, for a reader. */
export function createIdentity({ issuer, audience }: Pick<SchemaOutput, 'issuer' | 'audience'>): string {
  return JSON.stringify([issuer, audience])
}

/** A node forgets that a login has ended after the retention; no token may be good by itself for longer. */
function checkRetention({ accessTokenTtlSeconds, clockSkewSeconds, logins }: SchemaOutput): void {
  if (accessTokenTtlSeconds + clockSkewSeconds <= logins.retentionSeconds) return
  throw new OptionError(
    `tokenAuth.accessTokenTtlSeconds (${accessTokenTtlSeconds}) with tokenAuth.clockSkewSeconds ` +
      `(${clockSkewSeconds}) must not be above logins.retentionSeconds (${logins.retentionSeconds})`
  )
}
