import { isRoutePath, type RoutesOption, routesOption } from '@drawbridge/carrier'
import { OptionError, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { Carriers } from './carriers.ts'

const DIRECTIONS = ['session-for-token', 'token-for-session'] as const

/** What a client gives, for what it gets; it keeps both. */
export type ExchangeDirection = (typeof DIRECTIONS)[number]

/** Options of {@link bridge}. */
export interface BridgeOptions {
  /**
   * The exchanges that clients may ask for. `session-for-token` turns a cookie, which no script can read, into a token, which
   * any script of the page can: allow it where pages need it. Default none.
   */
  readonly exchange?: readonly ExchangeDirection[]
  /**
   * False: no routes of ours, only the methods and the guard. Or, by name, the path of one below `prefix`, or false to leave
   * it out: `{ logout: false, sessionForToken: '/tokens' }`. The exchanges have routes only where `exchange` names them.
   * Default true.
   */
  readonly routes?: RoutesOption<'logout' | 'sessionForToken' | 'tokenForSession'>
  /** Path that our routes are below. Default none: `/logout`, `/exchange/…`. */
  readonly prefix?: string
  /** Tags of our routes in an OpenAPI document; an empty list for none. Default `['bridge']`. */
  readonly tags?: readonly string[]
  /** True: our routes are not in an OpenAPI document. Guards are described all the same. Default false. */
  readonly hideRoutes?: boolean
}

const schema = v.strictObject({
  exchange: v.optional(
    v.array(
      v.picklist(DIRECTIONS, `must be ${DIRECTIONS.map((direction) => `"${direction}"`).join(' or ')}`),
      'must be a list of exchanges'
    ),
    []
  ),
  routes: routesOption({
    logout: '/logout',
    sessionForToken: '/exchange/session-for-token',
    tokenForSession: '/exchange/token-for-session'
  }),
  prefix: v.optional(
    v.custom<string>((value) => value === '' || isRoutePath(value), 'must be empty or a path like "/auth"'),
    ''
  ),
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['bridge']),
  hideRoutes: v.optional(v.boolean('must be true or false'), false)
})

/** The options, checked and with defaults. */
export type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError */
export function parseBridgeOptions(input: BridgeOptions | undefined): ParsedOptions {
  return parseOptions('bridge', schema, input ?? {})
}

/**
 * An access token ends with its login. Where a session is idle before the token that it was exchanged for has expired, a page
 * that asks for the next one then is logged out, however active it is.
 *
 * @throws OptionError
 */
export function checkIdleTimeout(
  { exchange }: Pick<ParsedOptions, 'exchange'>,
  { sessions: { idleTimeoutSeconds }, tokens: { accessTokenTtlSeconds } }: Carriers
): void {
  if (!exchange.includes('session-for-token')) return
  if (idleTimeoutSeconds === 0 || idleTimeoutSeconds > accessTokenTtlSeconds) return
  throw new OptionError(
    `bridge.exchange: with "session-for-token" sessionAuth.idleTimeoutSeconds (${idleTimeoutSeconds}) must be 0 or above ` +
      `tokenAuth.accessTokenTtlSeconds (${accessTokenTtlSeconds}), or a page that exchanges when its token has expired is logged out`
  )
}
