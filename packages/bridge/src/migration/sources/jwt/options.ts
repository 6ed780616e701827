import { createPublicKey, KeyObject, type JsonWebKey } from 'node:crypto'
import { clock, func, OptionError, parseOptions, VALUE_OMITTED, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { checkSecure, cookieSchema, type OldCookie } from '../old-cookie.ts'
import { memberPath, type MemberPath } from '../read-path.ts'
import { checkWeakSecret, oldSecret, type OldSecret } from '../secrets.ts'
import { isKeyFor, isSymmetric, JWT_ALGORITHMS, type JwtAlgorithm } from './algorithms.ts'

/** A public key: PEM, a JSON Web Key, or a KeyObject of Node. */
export type PublicKeyInput = string | JsonWebKey | KeyObject

/** The claims of a token, whose signature is valid. */
export type JwtClaims = Readonly<Record<string, unknown>>

/** Options of {@link jwt}. */
export interface JwtOptions {
  /** The one algorithm of its keys: a token never chooses. */
  readonly algorithm: JwtAlgorithm
  /** For HS256, HS384 and HS512: the secret, or several, each of which verifies. */
  readonly secret?: OldSecret
  /** For the others: the public key, or several. */
  readonly key?: PublicKeyInput | readonly PublicKeyInput[]
  /** Instead of `key`: where the JSON Web Key Set is. https, or this machine. */
  readonly jwksUri?: string
  /** The cookie that has the token. Default none: it is in an Authorization header. */
  readonly cookie?: OldCookie
  /** True: accept a secret below 32 bytes, for at most 90 days. Default false, and such a secret is an error. */
  readonly weakSecret?: boolean
  /** `iss` must be it. Default: not compared. */
  readonly issuer?: string
  /** `aud` must be it, or have it. Default: not compared. */
  readonly audience?: string
  /** The claim with the user id, or its path, such as `['user', 'id']`. Default `sub`. */
  readonly userIdClaim?: MemberPath
  /** The claim with the username. Default none. */
  readonly usernameClaim?: MemberPath
  /** The claim that names the login. Default `jti`; without it a token with `iat` names one by its text. */
  readonly loginClaim?: MemberPath
  /**
   * Whether a token signs a user in: `(claims) => claims.token_type === 'refresh'`. A system may sign links of e-mails with the
   * same key. Default: each with a user id.
   */
  readonly isAccepted?: (claims: JwtClaims) => boolean
  /** True: a token without `exp` is not accepted. Default false: until when they are accepted has to be said. */
  readonly requireExpiry?: boolean
  /** The longest time from `iat`, or from now, to `exp`, seconds. Default 34 560 000 (400 days). */
  readonly maxLifetimeSeconds?: number
  /** How long to wait for the key set, ms, 1 to 30 000. Default 5000. */
  readonly timeoutMs?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const text = v.pipe(
  v.string('must be a string'),
  v.check((value) => value !== '', 'must not be empty')
)

const schema = v.strictObject({
  algorithm: v.picklist(JWT_ALGORITHMS, `must be one of ${JWT_ALGORITHMS.join(', ')}`),
  secret: v.optional(oldSecret),
  // Read by `parseKeys`, whose messages have nothing of a key.
  key: v.optional(v.unknown()),
  jwksUri: v.optional(
    v.custom<string>(isKeySetUri, `must be an https URL, or one of this machine${VALUE_OMITTED}`)
  ),
  cookie: v.optional(cookieSchema),
  weakSecret: v.optional(v.boolean('must be true or false'), false),
  issuer: v.optional(text),
  audience: v.optional(text),
  userIdClaim: v.optional(memberPath, 'sub'),
  usernameClaim: v.optional(memberPath),
  loginClaim: v.optional(memberPath, 'jti'),
  isAccepted: v.optional(func<(claims: JwtClaims) => boolean>(), () => () => true),
  requireExpiry: v.optional(v.boolean('must be true or false'), false),
  maxLifetimeSeconds: v.optional(wholeNumber(1, 100 * 365 * 86_400), 400 * 86_400),
  timeoutMs: v.optional(wholeNumber(1, 30_000), 5000),
  now: v.optional(clock())
})

/** Where the keys are. */
export type KeySource = readonly Uint8Array[] | readonly KeyObject[] | URL

/** The options, checked and with defaults. */
export type ParsedOptions = ReturnType<typeof parseJwtOptions>

/** @throws OptionError */
export function parseJwtOptions(input: JwtOptions) {
  const { secret, key, jwksUri, weakSecret, ...options } = parseOptions('jwt', schema, input)
  const given = Object.entries({ secret, key, jwksUri }).flatMap(([name, value]) =>
    value === undefined ? [] : [name]
  )
  const wanted = isSymmetric(options.algorithm) ? ['secret'] : ['key', 'jwksUri']
  if (given.length !== 1 || !wanted.includes(given[0] as string))
    throw new OptionError(
      `jwt must have ${wanted.join(' or ')} for algorithm "${options.algorithm}", and no other key`
    )
  if (options.cookie !== undefined) checkSecure('jwt.cookie', options.cookie)
  const isWeak = secret !== undefined && checkWeakSecret('jwt', secret, weakSecret)
  return {
    ...options,
    isWeak,
    secrets: secret ?? [],
    keys: toKeySource(options.algorithm, secret, key, jwksUri)
  }
}

function toKeySource(
  algorithm: JwtAlgorithm,
  secret: readonly string[] | undefined,
  key: unknown,
  jwksUri: string | undefined
): KeySource {
  if (jwksUri !== undefined) return new URL(jwksUri)
  if (secret === undefined) return parseKeys(key, algorithm)
  // A public key is known to all, in any form of text (CVE-2016-10555).
  if (secret.some((each) => /-----BEGIN|"kty"/.test(each)))
    throw new OptionError('jwt.secret must not be a key in PEM or JSON')
  return secret.map((each) => new TextEncoder().encode(each))
}

function parseKeys(input: unknown, algorithm: JwtAlgorithm): readonly KeyObject[] {
  const list: readonly unknown[] = Array.isArray(input) ? [...(input as unknown[])] : [input]
  const keys = list.map((each) => parsePublicKey(each))
  if (keys.length > 0 && keys.every((each) => isKeyFor(algorithm, each))) return keys
  throw new OptionError(
    `jwt.key must be a public key for algorithm "${algorithm}", or a list of them, RSA of 2048 bits or more`
  )
}

/** The message of the library may quote a member, so it is dropped. */
function parsePublicKey(input: unknown): KeyObject {
  try {
    if (input instanceof KeyObject) return input.type === 'private' ? createPublicKey(input) : input
    return typeof input === 'string'
      ? createPublicKey(input)
      : createPublicKey({ key: input as JsonWebKey, format: 'jwk' })
  } catch {
    throw new OptionError(
      'jwt.key must be a public key in PEM, a JSON Web Key or a KeyObject, or a list of them'
    )
  }
}

function isKeySetUri(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  )
}
