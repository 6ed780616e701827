import { CLOSE_TIMEOUT_MS, codeOf, onAbort } from './on-abort.ts'

/** What is used of an event stream: `reply.raw` has it, and so has a `PassThrough`. */
export interface EndableStream {
  readonly destroyed: boolean
  end(lastEvent: string): unknown
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * Ends an event stream when the signal of `logins.signalOf` aborts, with a last event named `end` whose data is
 * `{"code":"DRAWBRIDGE_LOGIN_REVOKED"}`, `…_EXPIRED` or `…_UNCONFIRMED`: an `EventSource` cannot see the status of a response. A client
 * that does not read it is disconnected after a second.
 *
 * @example
 * const signal = logins.signalOf(principalOf(request), { until: reply.raw })
 * endOnAbort(reply.raw, signal)
 */
export function endOnAbort(stream: EndableStream, signal: AbortSignal): void {
  onAbort(signal, () => {
    if (stream.destroyed) return
    // One more write of the handler must not be an uncaught error.
    stream.on('error', () => {})
    const code = codeOf(signal)
    stream.end(code === undefined ? '' : `event: end\ndata: ${JSON.stringify({ code })}\n\n`)
    const timer = setTimeout(() => stream.destroy(), CLOSE_TIMEOUT_MS).unref()
    stream.once('close', () => clearTimeout(timer))
  })
}
