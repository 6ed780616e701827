import type { Principal } from '@drawbridge/logins'
import { OptionError } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'

/** What the body of the response to a sign-in by our routes has, from the service: a JSON object. */
export type GetSignInResponse = (principal: Principal, request: FastifyRequest) => object | Promise<object>

type JsonObject = Readonly<Record<string, unknown>>

/** The option `getSignInResponse` of either plugin, with its result checked. */
export interface SignInResponseOption {
  /** Of the option, for errors. */
  readonly name: string
  readonly getSignInResponse: GetSignInResponse
  /** Members of our own. */
  readonly reserved?: readonly string[]
}

/**
 * Asks for the body. The result is copied, so that nothing of it can fail when the response is written: the login is
 * valid by then.
 *
 * @throws OptionError for what JSON cannot represent, and for a reserved member; whatever the service throws.
 */
export async function createSignInResponse(
  { name, getSignInResponse, reserved = [] }: SignInResponseOption,
  principal: Principal,
  request: FastifyRequest
): Promise<JsonObject> {
  const copy = copyAsJson(await getSignInResponse(principal, request))
  if (copy === null) throw new OptionError(`${name}() must give an object that JSON can represent`)
  const taken = reserved.find((member) => Object.hasOwn(copy, member))
  if (taken !== undefined) throw new OptionError(`${name}() must not have ${taken}, which is ours`)
  return copy
}

function copyAsJson(value: unknown): JsonObject | null {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value))
    return typeof copy === 'object' && !Array.isArray(copy) ? (copy as JsonObject | null) : null
  } catch {
    return null
  }
}
