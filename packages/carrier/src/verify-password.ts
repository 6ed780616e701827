import { OptionError, parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { malformedCredentials } from './errors.ts'
import { authenticateUser, type SignInOptions, type SignInOutcome, type VerifiedSignIn } from './sign-in.ts'

/** Input of `verifyPassword`: as the client sent it. What is not text is a 400. */
export interface VerifyPasswordInput {
  readonly username: unknown
  readonly password: unknown
  readonly allowSecondFactor?: never
}

/** Input of `verifyPassword` where users may need a second factor. */
export interface VerifyPasswordStepInput {
  readonly username: unknown
  readonly password: unknown
  /** The caller looks at `status`, and signs in no user whose second factor is still to come. */
  readonly allowSecondFactor: true
}

/** Verifies the password of a sign-in route of the service's own. */
export interface VerifyPassword {
  /**
   * Verifies a username and a password that the client of a request has sent, as our own routes do: the attempt is counted
   * against the client's address and the account. Resolves to what `startSession` and `issueTokens` take as it is.
   *
   * @throws HttpError to send: 400, 401, 429 with Retry-After, or 503; and 403 for an unsafe request of another origin, where
   * sessions are started. OptionError where the credentials have a second factor: a sign-in route must look for it.
   * @example
   * const signIn = await app.sessionAuth.verifyPassword(request, { username, password })
   * await app.sessionAuth.startSession(request, reply, signIn)
   */
  (request: FastifyRequest, input: VerifyPasswordInput): Promise<VerifiedSignIn>
  /**
   * The same where users may need a second factor: `status` says whether it is still to come.
   *
   * @example
   * const signIn = await app.sessionAuth.verifyPassword(request, { username, password, allowSecondFactor: true })
   * if (signIn.status === 'second-factor-required')
   *   return reply.code(202).send(await app.sessionAuth.pendingLogins.start(request, signIn))
   * await app.sessionAuth.startSession(request, reply, signIn)
   */
  (request: FastifyRequest, input: VerifyPasswordStepInput): Promise<SignInOutcome>
}

const schema = v.strictObject({
  username: v.optional(v.unknown()),
  password: v.optional(v.unknown()),
  allowSecondFactor: v.optional(v.literal(true, 'must be true'))
})

/**
 * Creates the method. @param name of it, for errors.
 *
 * @param check rejects a request before anything is verified.
 */
export function createVerifyPassword(
  name: string,
  options: SignInOptions,
  check: (request: FastifyRequest) => void = () => {}
): VerifyPassword {
  const verify = async (request: FastifyRequest, input: unknown): Promise<SignInOutcome> => {
    const { username, password, allowSecondFactor } = parseOptions(name, schema, input)
    // For all users, and not only for those who need one, so that the first test finds it.
    if (allowSecondFactor === undefined && options.credentials.verifySecondFactor !== undefined)
      throw new OptionError(
        `${name} needs allowSecondFactor: true, since the credentials have a second factor: look at status before the user is signed in`
      )
    check(request)
    if (!isText(username)) throw malformedCredentials('username', options.usernameField)
    if (!isText(password)) throw malformedCredentials('password')
    return authenticateUser(options, request, { username, password })
  }
  return verify as VerifyPassword
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
