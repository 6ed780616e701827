import { func, OptionError, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { GuardHook } from '../guard-hook.ts'
import { findGuardTag } from '../open-api/guard-tag.ts'
import { isRoutePath } from '../route-path.ts'
import { FORWARD_AUTH_PROXIES, type ForwardAuthProxy } from './proxies.ts'
import { DEFAULT_USER_HEADERS, type UserHeader, type UserHeaders } from './user-headers.ts'

/** Options of {@link forwardAuth}. */
export interface ForwardAuthOptions {
  /** Who is let through: `app.bridge.guard`, or that of a carrier, with the scopes and the policy of the protected service. */
  readonly guard: GuardHook
  /**
   * Whose headers name the original request. `nginx`: `X-Original-Method` and `X-Original-URI`, which its configuration sets.
   * `traefik`: `X-Forwarded-Method` and `X-Forwarded-Uri`. `envoy`: method and URI of the request itself, below `path`.
   */
  readonly proxy: ForwardAuthProxy
  /** Where the proxy asks. Default `/verify`. */
  readonly path?: string
  /**
   * What the protected service gets about the user: the value of each header, by its name, which begins with `X-` or `Remote-`.
   * Default `x-user-id`, `x-user-name` and `x-user-scopes`.
   */
  readonly headers?: UserHeaders
}

const headerName = v.pipe(
  v.string('must be a string'),
  // A hyphen and no underscore, which nginx drops.
  v.regex(/^(?:x|remote)(?:-[a-z0-9]+)+$/i, 'must have names of headers like "X-User-Id" or "Remote-User"'),
  v.toLowerCase()
)

const schema = v.strictObject({
  guard: v.custom<GuardHook>(
    (value) => (findGuardTag(value)?.carriers.length ?? 0) > 0,
    'must be a guard, such as app.bridge.guard'
  ),
  proxy: v.picklist(
    FORWARD_AUTH_PROXIES,
    `must be ${FORWARD_AUTH_PROXIES.map((name) => `"${name}"`).join(' or ')}`
  ),
  path: v.optional(v.custom<string>(isRoutePath, 'must be a path like "/verify"'), '/verify'),
  headers: v.optional(
    v.record(headerName, func<UserHeader>(), 'must be an object of functions'),
    DEFAULT_USER_HEADERS
  )
})

/** @throws OptionError */
export function parseForwardAuthOptions(input: ForwardAuthOptions): Required<ForwardAuthOptions> {
  const options = parseOptions('forwardAuth', schema, input)
  if (options.proxy === 'nginx' && findGuardTag(options.guard)?.isRedirecting === true)
    throw new OptionError(
      'forwardAuth.guard must not have redirectTo where forwardAuth.proxy is "nginx", which takes a redirect for a fault: ' +
        'redirect by its error_page 401'
    )
  return options
}
