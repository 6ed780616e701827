import {
  hasPrivateMember,
  isPublicKeyAlgorithm,
  isRoutePath,
  PUBLIC_KEY_ALGORITHMS
} from '@drawbridge/carrier'
import type { Logins } from '@drawbridge/logins'
import { type CarrierLogins, carrierLogins } from '@drawbridge/logins/carrier'
import {
  func,
  objectWithMethods,
  OptionError,
  parseOptions,
  VALUE_OMITTED,
  wholeNumber
} from '@drawbridge/options'
import type { JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { createMemoryProviderSessions } from './sessions/memory-provider-sessions.ts'
import type { ProviderSessions } from './sessions/provider-sessions.ts'

/** An identity provider by which users sign in. */
export interface ProviderOptions {
  /** `iss` of its tokens, exactly equal. */
  readonly issuer: string
  /** The id that this service has as a client of it: `aud` of its tokens. */
  readonly clientId: string
  /** Where it publishes its keys, `jwks_uri` of its metadata; or the public keys themselves. */
  readonly keys: string | URL | JSONWebKeySet
  /** The algorithms of its ID tokens, by which it signs logout tokens too. Default `['RS256']`. */
  readonly algorithms?: readonly string[]
  /** Who its `sub` is here: the id of a user; null for nobody, of whom nothing is to be ended. */
  readonly userOf: (subject: string) => string | null | Promise<string | null>
}

/** Options of {@link backChannelLogout}. */
export interface BackChannelLogoutOptions {
  /** The logins: `createLogins`. */
  readonly logins: Logins
  /** The identity providers, each with another `issuer`. */
  readonly providers: readonly ProviderOptions[]
  /**
   * Where it is noted which login was made in which session of a provider, and which tokens were accepted:
   * `createRedisProviderSessions`, a must where several nodes share the logins. Default: in memory.
   */
  readonly sessions?: ProviderSessions
  /** Where providers send logout tokens: `backchannel_logout_uri` of the client. Default `/backchannel-logout`. */
  readonly path?: string
  /** How far the clock of a provider may be apart from ours, seconds, 0 to 60. Default 5. */
  readonly clockSkewSeconds?: number
}

const text = v.pipe(
  v.string('must be a string'),
  v.check((value) => value !== '' && value.length <= 2048, 'must have 1 to 2048 characters')
)

const keySource = v.custom<string | URL | JSONWebKeySet>(
  (value) => toUrl(value) !== null || isPublicKeySet(value),
  `must be the URL of a JSON Web Key Set, or such a set, of public keys${VALUE_OMITTED}`
)

function isPublicKeySet(value: unknown): boolean {
  const { keys } = (value ?? {}) as Partial<JSONWebKeySet>
  return (
    Array.isArray(keys) &&
    keys.every((key) => typeof key === 'object' && key !== null && !hasPrivateMember(key))
  )
}

function toUrl(value: unknown): URL | null {
  if (!(typeof value === 'string' || value instanceof URL) || !URL.canParse(String(value))) return null
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null
}

const provider = v.strictObject({
  issuer: text,
  clientId: text,
  keys: v.pipe(
    keySource,
    v.transform((keys) => toUrl(keys) ?? (keys as JSONWebKeySet))
  ),
  algorithms: v.optional(
    v.pipe(
      v.array(v.custom<string>(isPublicKeyAlgorithm, `must be of ${PUBLIC_KEY_ALGORITHMS.join(', ')}`)),
      v.minLength(1, 'must have one or more')
    ),
    ['RS256']
  ),
  userOf: func<ProviderOptions['userOf']>()
})

const schema = v.strictObject({
  logins: carrierLogins,
  providers: v.pipe(v.array(provider, 'must be a list'), v.minLength(1, 'must have one or more')),
  sessions: v.optional(
    objectWithMethods<ProviderSessions>('a ProviderSessions', 'link', 'find', 'accept', 'wasAccepted')
  ),
  path: v.optional(
    v.custom<string>(isRoutePath, 'must be a path like "/backchannel-logout"'),
    '/backchannel-logout'
  ),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5)
})

/** A provider, with its defaults. */
export type ParsedProvider = v.InferOutput<typeof provider>

/** The options, checked and with defaults. */
export interface ParsedOptions extends Readonly<Omit<v.InferOutput<typeof schema>, 'sessions' | 'logins'>> {
  readonly logins: CarrierLogins
  readonly sessions: ProviderSessions
}

/** @throws OptionError */
export function parseBackChannelLogoutOptions(input: BackChannelLogoutOptions): ParsedOptions {
  const { sessions, ...options } = parseOptions('backChannelLogout', schema, input)
  const { logins, providers } = options
  if (new Set(providers.map(({ issuer }) => issuer)).size < providers.length)
    throw new OptionError('backChannelLogout.providers must each have another issuer')
  if (logins.isShared && sessions?.isShared !== true)
    throw new OptionError(
      'backChannelLogout.sessions must be shared by all nodes, as the logins are: createRedisProviderSessions({ redis }) of ' +
        '@drawbridge/back-channel-logout/redis'
    )
  return { ...options, sessions: sessions ?? createMemoryProviderSessions(() => logins.now()) }
}
