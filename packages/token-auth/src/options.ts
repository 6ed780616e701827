import { createHash } from 'node:crypto'
import type { Logins } from '@drawbridge/logins'
import {
  type CredentialsVerifier,
  isRoutePath,
  readScopesOf,
  rootSecret,
  type ScopesOf
} from '@drawbridge/logins/fastify'
import { aClock, aFunction, instanceWith, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { type KeyRing, readKeyRing, rootSecretsOf } from './keys/key-ring.ts'
import type { TokenAuthOptions } from './types.ts'

const DAY = 86_400
const MAX_LIFETIME = 365 * DAY

const name = v.pipe(
  v.string('must be a string'),
  v.check((text) => text !== '' && text.length <= 255 && text.isWellFormed(), 'must have 1 to 255 characters')
)

const schema = v.strictObject({
  credentials: instanceWith<CredentialsVerifier>('the credentials that createCredentials makes', 'verify'),
  logins: instanceWith<Logins>(
    'the logins that createLogins makes',
    'create',
    'rotate',
    'standing',
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
  refreshIdleSeconds: v.optional(wholeNumber(0, MAX_LIFETIME), 14 * DAY),
  refreshAbsoluteSeconds: v.optional(wholeNumber(1, MAX_LIFETIME), 30 * DAY),
  refreshGraceSeconds: v.optional(wholeNumber(0, 300), 10),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5),
  pendingSeconds: v.optional(wholeNumber(30, 3600), 300),
  scopesOf: v.optional(aFunction<ScopesOf>()),
  now: v.optional(aClock())
})

type Parsed = Omit<v.InferOutput<typeof schema>, 'keys' | 'secret' | 'now' | 'scopesOf'>

/** The options, checked and whole. */
export interface Settings extends Readonly<Parsed> {
  readonly ring: KeyRing
  readonly refreshSecrets: readonly string[]
  /**
   * What tells this instance of the plugin from another with the same root secret: it goes into each key that is derived
   * from that, so that no instance accepts the refresh tokens and tickets of another.
   */
  readonly instance: string
  readonly scopesOf: ScopesOf
  readonly now: () => number
}

export function readOptions(input: TokenAuthOptions): Settings {
  const { keys, secret, scopesOf, now, ...parsed } = parseOptions('tokenAuth', schema, input)
  checkRetention(parsed)
  const ring = readKeyRing(keys)
  return Object.freeze({
    ...parsed,
    ring,
    refreshSecrets: secret ?? rootSecretsOf(ring),
    instance: instanceOf(parsed),
    scopesOf: readScopesOf(scopesOf, 'tokenAuth.scopesOf'),
    now: now ?? (() => parsed.logins.now())
  })
}

/** A digest, because the label of a derived key has an end (1024 bytes in OpenSSL), and these names may be long. */
function instanceOf(names: Pick<Parsed, 'issuer' | 'audience'>): string {
  return createHash('sha256').update(identityOf(names)).digest('base64url')
}

/** What tells an instance of the plugin from others, for a reader. */
export function identityOf({ issuer, audience }: Pick<Parsed, 'issuer' | 'audience'>): string {
  return JSON.stringify([issuer, audience])
}

/** A node forgets that a login has ended after the retention; no token may be good by itself for longer. */
function checkRetention({ accessTokenTtlSeconds, clockSkewSeconds, logins }: Parsed): void {
  if (accessTokenTtlSeconds + clockSkewSeconds <= logins.retentionSeconds) return
  throw new OptionError(
    `tokenAuth.accessTokenTtlSeconds (${accessTokenTtlSeconds}) with tokenAuth.clockSkewSeconds ` +
      `(${clockSkewSeconds}) must not be above logins.retentionSeconds (${logins.retentionSeconds})`
  )
}
