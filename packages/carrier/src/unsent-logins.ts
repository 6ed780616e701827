import type { Logins } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { onHeaders, type ResponseHeaders } from './on-headers.ts'

/** A login that was made during a request, whose client has not got the credential yet. */
export interface UnsentLogin {
  readonly loginId: string
  /** Whether a response has the credential. */
  isIn(statusCode: number, headers: ResponseHeaders): boolean
  /** Takes the credential out of the response, where it is in the headers. */
  withdraw?(reply: FastifyReply): void
}

interface Entry {
  readonly login: UnsentLogin
  /** Repeated, it does nothing more. Never rejects. */
  readonly revoke: () => Promise<void>
}

/**
 * The logins of responses that have not been sent yet. Where a response fails, or its client has gone, nobody has the credential:
 * the login is revoked, and not left among the user's until it expires.
 */
export class UnsentLogins {
  readonly #logins: Pick<Logins, 'revoke'>
  readonly #byRequest = new WeakMap<FastifyRequest, readonly Entry[]>()

  constructor(logins: Pick<Logins, 'revoke'>) {
    this.#logins = logins
  }

  /** @param reply absent where only a failure of the request is noticed, and not that its client has gone. */
  add(request: FastifyRequest, login: UnsentLogin, reply?: FastifyReply): void {
    const entry = { login, revoke: this.#createRevoke(request, login.loginId) }
    this.#byRequest.set(request, [...(this.#byRequest.get(request) ?? []), entry])
    if (reply === undefined) return
    if (isTooLate(reply.raw)) return void entry.revoke()
    let isSent = false
    onHeaders(reply, (statusCode, headers) => {
      isSent = !isTooLate(reply.raw) && login.isIn(statusCode, headers)
      return {}
    })
    reply.raw.once('close', () => {
      if (!isSent) void entry.revoke()
    })
  }

  /** A hook for `onError`: whatever has failed, a hook of the service or the serialisation of the body. */
  readonly onError = (
    request: FastifyRequest,
    reply: FastifyReply,
    _error: Error,
    done: HookHandlerDoneFunction
  ): void => {
    const entries = this.#byRequest.get(request)
    if (entries === undefined) return done()
    this.#byRequest.delete(request)
    for (const { login } of entries) login.withdraw?.(reply)
    Promise.all(entries.map(({ revoke }) => revoke())).then(
      () => done(),
      () => done()
    )
  }

  #createRevoke(request: FastifyRequest, loginId: string): Entry['revoke'] {
    const revoke = async (): Promise<void> => {
      try {
        await this.#logins.revoke(loginId, { by: 'service', reason: 'not-delivered' })
      } catch (err) {
        request.log.error({ err, loginId }, 'a login could not be revoked, although no client has it')
      }
    }
    let revoked: Promise<void> | undefined
    return () => (revoked ??= revoke())
  }
}

/** What a ServerResponse of HTTP/1.1 and one of HTTP/2 have in common, and where they differ. */
interface RawResponse {
  readonly headersSent: boolean
  readonly destroyed?: boolean
  readonly stream?: { readonly destroyed: boolean }
}

/** Whether nothing can be added to a response, or its client has gone. */
function isTooLate(response: object): boolean {
  const { headersSent, destroyed, stream } = response as RawResponse
  return headersSent || (stream?.destroyed ?? destroyed) === true
}
