import { LoginsUnavailableError } from '../errors.ts'
import { copyJsonObject } from './json-copy.ts'
import { isValidSecret, type Login, type LoginSecrets } from './login.ts'
import type { Carrier, Principal, PrincipalExtension, StandardPrincipal } from './principal.ts'
import { parseScopes } from './scopes.ts'

/** The members that a service declares on {@link Principal}; each that is not optional must be given. */
export type OwnMembers = Omit<Principal, keyof StandardPrincipal>

/** What a service says of the user of a login: the scopes, and its own members of the principal. */
export type Claims = OwnMembers & {
  /** The scopes of the user now. Absent: those that were given at the sign-in. */
  readonly scopes?: readonly string[] | undefined
}

/** What `getClaims` gets of a login: nothing by which a credential is verified. */
export interface ClaimsInput extends Omit<Login, keyof LoginSecrets> {
  /** By which carriers a request can present it. */
  readonly carriers: readonly Carrier[]
}

/** `Returned`, where it has no other members than {@link Claims}: a misspelt member is an error of its name. */
export type ExactClaims<Returned> = Returned & {
  readonly [Undeclared in Exclude<keyof Returned, keyof Claims>]: never
}

/** The option `getClaims` of `createLogins`. */
export type GetClaims<Returned extends Claims = Claims> = (
  login: ClaimsInput
) => ExactClaims<Returned> | Promise<ExactClaims<Returned>>

/** The claims of a login, checked. */
export interface LoginClaims {
  /** Those of `getClaims`, without any that the sign-in did not ask for. */
  readonly scopes: readonly string[]
  readonly extension: PrincipalExtension
}

/** A login as a carrier serves it. */
export interface LoginWithClaims extends Login {
  readonly claims: LoginClaims
}

const OPTION = 'logins.getClaims'

/**
 * The claims of a login. A promise only where the service has `getClaims`, which is asked; it rejects with an OptionError for
 * what no token or snapshot could carry; with a LoginsUnavailableError where `getClaims` fails or does not answer; with its own
 * error where that has a status code.
 *
 * @param now ms since the epoch.
 */
export function readClaims(
  getClaims: GetClaims | undefined,
  login: Login,
  now: number,
  timeoutMs: number
): LoginClaims | Promise<LoginClaims> {
  if (getClaims !== undefined) return askForClaims(getClaims, login, now, timeoutMs)
  return login.scopes === null ? NO_CLAIMS : createClaims(login, undefined, {})
}

async function askForClaims(
  getClaims: GetClaims,
  login: Login,
  now: number,
  timeoutMs: number
): Promise<LoginClaims> {
  const returned = await ask(async () => getClaims(toClaimsInput(login, now)), timeoutMs)
  const { scopes, ...extension } = copyJsonObject(returned ?? {}, `${OPTION}()`)
  const given = scopes === undefined ? undefined : parseScopes(scopes, `${OPTION}().scopes`)
  return createClaims(login, given, extension)
}

/** What was asked for at the sign-in is a limit: no claim goes beyond it. */
function createClaims(
  { scopes: limit }: Login,
  given: readonly string[] | undefined,
  extension: PrincipalExtension
): LoginClaims {
  const scopes = given === undefined || limit === null ? (given ?? limit ?? []) : intersect(given, limit)
  return Object.freeze({ scopes: Object.freeze([...scopes]), extension: Object.freeze(extension) })
}

/** Of a login for which nobody gives any, such as one that is pending. */
export const NO_CLAIMS: LoginClaims = Object.freeze({
  scopes: Object.freeze([]),
  extension: Object.freeze({})
})

function intersect(given: readonly string[], limit: readonly string[]): readonly string[] {
  return given.filter((scope) => limit.includes(scope))
}

function toClaimsInput({ session, refresh, key, ...visible }: Login, now: number): ClaimsInput {
  return { ...visible, carriers: listCarriers({ session, refresh, key }, now) }
}

/** By which carriers a request can present a login now. @param now ms since the epoch. */
export function listCarriers({ session, refresh, key }: LoginSecrets, now: number): readonly Carrier[] {
  return [
    ...(isValidSecret(session, now) ? (['session'] as const) : []),
    ...(refresh === null ? [] : (['token'] as const)),
    ...(key === null ? [] : (['key'] as const))
  ]
}

/** A service's table that is locked would else keep every request waiting for as long as it is. */
async function ask(work: () => Promise<unknown>, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`no reply within ${timeoutMs} ms`))
    // After a stall of this process the reply may have arrived unread: what has arrived is read first.
    timer = setTimeout(() => setImmediate(fail), timeoutMs)
  })
  try {
    return await Promise.race([work(), timeout])
  } catch (error) {
    throw hasStatusCode(error)
      ? error
      : new LoginsUnavailableError(new Error(`${OPTION} failed`, { cause: error }))
  } finally {
    clearTimeout(timer)
  }
}

/** An error that says how to answer the request is the service's own answer. */
function hasStatusCode(error: unknown): boolean {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown }
  return Number.isInteger(statusCode) && (statusCode as number) >= 400 && (statusCode as number) < 600
}

/** Whether an error is the service's answer to a request, and not an outage: nothing stale is served instead of it. */
export function isRefusal(error: unknown): boolean {
  return hasStatusCode(error) && (error as { readonly statusCode: number }).statusCode < 500
}
