import { createSignInResponse, type VerifiedSignIn } from '@drawbridge/carrier'
import type { Principal } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import { type IssueDependencies, issueTokens } from './issue.ts'
import type { TokenResponse } from './token-response.ts'

/** Issues the tokens of a sign-in by our routes. @returns the body of the response. */
export type SignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: VerifiedSignIn
) => Promise<TokenResponse>

const RESERVED = ['token', 'access_token', 'token_type', 'expires_in', 'refresh_token'] as const

/** Creates the last step of a sign-in by our routes. */
export function createSignIn(
  dependencies: IssueDependencies,
  { getSignInResponse }: Pick<ParsedOptions, 'getSignInResponse'>
): SignIn {
  if (getSignInResponse === undefined)
    return (request, reply, signIn) => issueTokens(dependencies, request, signIn, undefined, reply)
  const option = { name: 'tokenAuth.getSignInResponse', getSignInResponse, reserved: RESERVED }
  return (request, reply, signIn) => {
    const prepare = (principal: Principal) => createSignInResponse(option, principal, request)
    return issueTokens(dependencies, request, signIn, prepare, reply)
  }
}
