import { OptionError, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { RoutePolicy } from '@drawbridge/logins'
import {
  type CarrierLogins,
  checkServeStaleFor,
  onStaleOption,
  onStoreDownOption
} from '@drawbridge/logins/carrier'
import type { GuardHook } from './guard-hook.ts'
import { registerGuardFactory } from './check-routes.ts'
import { isScope } from './scopes.ts'

/** What a route wants of a guard. */
export interface GuardOptions extends RoutePolicy {
  /** The login must have all of these, one or more; 403 otherwise. */
  readonly scopes?: readonly string[]
}

/** The guards of a carrier. */
export interface Guards {
  /** Hook for requests with a living login alone. */
  readonly guard: GuardHook
  /** Makes a guard for logins that have all of these scopes. Throws an OptionError for none, or what is no scope. */
  guardScopes(...scopes: readonly string[]): GuardHook
  /** Makes a guard from options. Throws an OptionError that names what is wrong. */
  guardWith(options: GuardOptions): GuardHook
}

const scope = v.pipe(
  v.string('must be a string'),
  v.check((text) => isScope(text), 'must be a scope as RFC 6749 section 3.3 has it')
)

const scopeList = v.pipe(
  v.array(scope, 'must be a list of scopes'),
  v.minLength(1, 'must have one scope or more')
)

const schema = v.strictObject({
  scopes: v.optional(scopeList),
  onStale: v.optional(onStaleOption),
  onStoreDown: v.optional(onStoreDownOption),
  countsAsUse: v.optional(v.boolean('must be true or false'))
})

/** @param owner what the plugin adds to the application, such as `sessionAuth`. */
export function createGuards(
  owner: string,
  { retentionSeconds }: Pick<CarrierLogins, 'retentionSeconds'>,
  create: (options: GuardOptions) => GuardHook
): Guards {
  const guardScopes = (...scopes: readonly string[]) => {
    const name = `${owner}.guardScopes`
    // The request: it was given as the hook, and not called. Never shown.
    if (scopes.length === 0 || typeof scopes[0] === 'object')
      throw new OptionError(
        `${name} must be called with scopes, and what it returns is the hook: ${name}('read')`
      )
    return create({ scopes: parseOptions(name, scopeList, scopes) })
  }
  const guardWith = (input: GuardOptions) => {
    const options = parseOptions(`${owner}.guardWith`, schema, input)
    checkServeStaleFor(`${owner}.guardWith`, options.onStoreDown, retentionSeconds)
    // Without what was given as undefined.
    return create(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)))
  }
  registerGuardFactory(guardScopes, `${owner}.guardScopes`)
  registerGuardFactory(guardWith, `${owner}.guardWith`)
  return { guard: create({}), guardScopes, guardWith }
}
