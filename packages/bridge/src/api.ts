import { announceEffect, authenticate, createGuard, parseRoutePolicy, refuseKey } from '@drawbridge/carrier'
import { OptionError, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import { changePassword } from './change-password.ts'
import { rejectPresentedKey } from './bearer.ts'
import { createEitherCarrier } from './either-carrier.ts'
import type { Carriers } from './carriers.ts'
import { toHttpError } from './errors.ts'
import { sessionForToken } from './exchange/session-for-token.ts'
import { tokenForSession } from './exchange/token-for-session.ts'
import { logOut } from './log-out.ts'
import { reauthenticate } from './reauthenticate.ts'
import type { ExchangeDirection, ParsedOptions } from './options.ts'
import type { Bridge, LogOutOptions, SessionForTokenOptions } from './types.ts'

/** What a body may have that no schema has checked: a value that is no token, or not `true`, is the client's fault at most. */
const logOutSchema = v.strictObject({ refreshToken: v.optional(v.unknown()) })

const sessionForTokenSchema = v.strictObject({
  refreshToken: v.optional(v.unknown(), false)
})

const changePasswordSchema = v.strictObject({ keepOthers: v.optional(v.unknown()) })

const keepAll = async () => {}

/** Creates what the plugin adds to the application. */
export function createApi(carriers: Carriers, { exchange }: Pick<ParsedOptions, 'exchange'>): Bridge {
  const { logins } = carriers.tokens
  const either = createEitherCarrier(carriers)
  const revokeOthers: Bridge['revokeOthers'] = async (request, reply, cause) => {
    const outcome = await authenticate(either, request, {})
    if (!outcome.ok) throw toHttpError(carriers, outcome, request)
    refuseKey(outcome.principal)
    if (outcome.principal.carrier !== 'token') return carriers.sessions.revokeOthers(request, reply, cause)
    const revokedCount = await carriers.tokens.revokeOthers(request, cause)
    announceEffect(reply, logins)
    return revokedCount
  }
  return Object.freeze<Bridge>({
    guard: createGuard('bridge', either, logins),
    authenticate: (request, policy) =>
      authenticate(either, request, parseRoutePolicy('bridge.authenticate', policy, logins)),
    logOut: async (request, reply, options) =>
      logOut(
        carriers,
        request,
        reply,
        parseOptions('bridge.logOut', logOutSchema, options ?? {}) as LogOutOptions
      ),
    revokeOthers,
    reauthenticate: (request, reply, verified) => reauthenticate(carriers, either, request, reply, verified),
    changePassword: async (request, reply, body, options) => {
      const { keepOthers } = parseOptions('bridge.changePassword', changePasswordSchema, options ?? {})
      const others = keepOthers === true ? keepAll : revokeOthers
      return changePassword({ carriers, revokeOthers: others }, request, reply, body)
    },
    sessionForToken: async (request, options) => {
      requireDirection(exchange, 'session-for-token')
      await rejectPresentedKey(carriers, request)
      return sessionForToken(
        carriers,
        request,
        parseOptions('bridge.sessionForToken', sessionForTokenSchema, options ?? {}) as SessionForTokenOptions
      )
    },
    tokenForSession: async (request, reply, refreshToken) => {
      requireDirection(exchange, 'token-for-session')
      await rejectPresentedKey(carriers, request)
      return tokenForSession(carriers, request, reply, refreshToken)
    }
  })
}

/** A fault of the service, not of its client. */
function requireDirection(exchange: ParsedOptions['exchange'], direction: ExchangeDirection): void {
  if (exchange.includes(direction)) return
  throw new OptionError(`bridge.exchange must have "${direction}" for this, got ${JSON.stringify(exchange)}`)
}
