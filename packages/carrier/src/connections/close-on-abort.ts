import { CLOSE_TIMEOUT_MS, codeOf, onAbort } from './on-abort.ts'

/** What is used of a WebSocket: that of `ws`, and so of @fastify/websocket, has it. */
export interface ClosableSocket {
  readonly readyState: number
  close(code: number, reason: string): unknown
  terminate(): unknown
  once(event: 'close', listener: () => void): unknown
  removeAllListeners(event: 'message'): unknown
}

/** WHATWG WebSockets, section 3.1. */
const CLOSED = 3

/** RFC 6455 section 7.4.2: codes from 4000 on are the service's own; this one is for 401. */
const UNAUTHORIZED = [4401, 'Unauthorized'] as const
/** The registry of RFC 6455 section 11.7: "try again later", as 503 is. */
const TRY_AGAIN_LATER = [1013, 'Try again later'] as const
/** RFC 6455 section 7.4.1: "going away". */
const GOING_AWAY = [1001, ''] as const

/**
 * Closes a WebSocket when the signal of `logins.signalOf` aborts: with code 4401 where the login was revoked or has expired, so that
 * the client signs in again, and with 1013 where this node cannot be sure, so that it opens the socket again a little later.
 *
 * No message is handled from then on, whatever the client sends until it notices; after a second it is disconnected.
 *
 * @example
 * const signal = logins.signalOf(principalOf(request), { until: socket })
 * closeOnAbort(socket, signal)
 */
export function closeOnAbort(socket: ClosableSocket, signal: AbortSignal): void {
  onAbort(signal, () => {
    if (socket.readyState === CLOSED) return
    const ignoreMessages = () => void socket.removeAllListeners('message')
    ignoreMessages()
    // The handler that called this may be about to add its listeners.
    setImmediate(ignoreMessages)
    socket.close(...closeCode(codeOf(signal)))
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref()
    socket.once('close', () => clearTimeout(timer))
  })
}

function closeCode(code: string | undefined): readonly [number, string] {
  if (code === 'DRAWBRIDGE_LOGIN_UNCONFIRMED') return TRY_AGAIN_LATER
  return code === undefined ? GOING_AWAY : UNAUTHORIZED
}
