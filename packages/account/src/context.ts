import { clientAddress, type HttpError, outcomeError } from '@drawbridge/carrier'
import { createRequestThrottle, type RequestThrottle } from '@drawbridge/credentials'
import { safeListener } from '@drawbridge/options'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type AfterResponse, createAfterResponse } from './after-response.ts'
import type { Foundation } from './foundation.ts'
import { createOneTimeTokens, type OneTimeTokens } from './one-time-tokens/create-one-time-tokens.ts'
import type { ParsedOptions } from './options.ts'

type Throttled = 'registration' | 'password-forgotten' | 'password-reset' | 'rename'

/** What the methods work with. */
export interface Context extends Foundation {
  readonly options: ParsedOptions
  readonly afterResponse: AfterResponse
  /** Absent where the options have no secret. */
  readonly resetTokens: OneTimeTokens | undefined
  /** Absent where the options have no verification or no secret. */
  readonly verificationTokens: OneTimeTokens | undefined
  /** @throws HttpError 429 or 503. */
  admit(kind: Throttled, request: FastifyRequest, account?: string): Promise<void>
  /**
   * Whether one more message may be sent to its recipient, from however many addresses they are asked for. Asked after the
   * response, which reveals nothing of it.
   *
   * @throws CredentialsUnavailableError where the store of the counts is down.
   */
  mayBeSent(kind: Throttled, recipient: string): Promise<boolean>
}

/** Creates the context of a registration of the plugin, and has the application wait at its end for what is being done. */
export function createContext(app: FastifyInstance, foundation: Foundation, options: ParsedOptions): Context {
  const log = (error: unknown) =>
    app.log.error({ err: error }, 'what follows a response of the account has failed')
  const afterResponse = createAfterResponse(safeListener(options.onError ?? log))
  app.addHook('onClose', () => afterResponse.finish())
  return {
    ...foundation,
    options,
    afterResponse,
    resetTokens: createResetTokens(foundation, options),
    verificationTokens: createVerificationTokens(foundation, options),
    ...createLimits(foundation, options)
  }
}

function createResetTokens(
  { credentials, logins }: Foundation,
  { secret, tokenTtlSeconds }: ParsedOptions
): OneTimeTokens | undefined {
  if (secret === undefined) return undefined
  return createOneTimeTokens({
    purpose: 'password-reset',
    secret,
    ttlSeconds: tokenTtlSeconds,
    now: () => logins.now(),
    findState: async (userId) => (await credentials.stampOf?.({ userId }))?.passwordStamp ?? null
  })
}

function createVerificationTokens(
  { logins }: Foundation,
  { secret, tokenTtlSeconds, verification }: ParsedOptions
): OneTimeTokens | undefined {
  if (secret === undefined || verification === undefined) return undefined
  return createOneTimeTokens({
    purpose: 'verification',
    secret,
    ttlSeconds: tokenTtlSeconds,
    now: () => logins.now(),
    findState: (userId) => verification.findPending(userId)
  })
}

function createLimits(
  { credentials }: Foundation,
  { throttle }: ParsedOptions
): Pick<Context, 'admit' | 'mayBeSent'> {
  if (throttle === false) return { admit: async () => {}, mayBeSent: async () => true }
  const { limiters, ...limits } = throttle
  const create = (name: Throttled) =>
    createRequestThrottle({ ...limits, ...(limiters && { limiters }), name })
  const throttles: Readonly<Record<Throttled, RequestThrottle>> = {
    registration: create('registration'),
    'password-forgotten': create('password-forgotten'),
    'password-reset': create('password-reset'),
    rename: create('rename')
  }
  return {
    admit: async (kind, request, account) => {
      const address = clientAddress(credentials, request)
      const admission = await throttles[kind].admit({ address, ...(account !== undefined && { account }) })
      if (!admission.ok) throw outcomeError(admission) satisfies HttpError
    },
    mayBeSent: async (kind, recipient) =>
      (await throttles[kind].admit({ address: undefined, account: recipient })).ok
  }
}
