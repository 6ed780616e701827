import type { Principal } from '../login/principal.ts'
import type { InactiveLoginError } from '../errors.ts'
import type { ClosingEmitter, ParsedSignalOptions } from './signal-options.ts'

/** The principal of a connection: what is read of it. */
export type ConnectionPrincipal = Pick<Principal, 'loginId' | 'carrier' | 'expiresAt'>

/** As the platform reports that nobody waits for a result any more. One for all: it has no stack of interest. */
const CLOSED = new DOMException('The connection is closed', 'AbortError')

/** `readyState` of a WebSocket that is closed (WHATWG WebSockets, section 3.1). */
const WEBSOCKET_CLOSED = 3

/** A connection that was opened by a login, and its signal. */
export class OpenConnection {
  readonly principal: ConnectionPrincipal
  readonly options: ParsedSignalOptions
  readonly #controller = new AbortController()
  readonly #onClose: () => void

  /** @param onClosed called where the connection closes before `abort`; not for one that is closed already. */
  constructor(
    principal: ConnectionPrincipal,
    options: ParsedSignalOptions,
    onClosed: (connection: OpenConnection) => void
  ) {
    this.principal = principal
    this.options = options
    this.#onClose = () => {
      onClosed(this)
      this.#controller.abort(CLOSED)
    }
    if (isClosed(options.until)) this.#controller.abort(CLOSED)
    else listen(options.until, this.#onClose)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** What is on the connection calls back synchronously: whatever refers to it must have been removed before. */
  abort(reason: InactiveLoginError): void {
    unlisten(this.options.until, this.#onClose)
    this.#controller.abort(reason)
  }
}

/** It will not emit `close` again. */
function isClosed(until: AbortSignal | ClosingEmitter): boolean {
  if (until instanceof AbortSignal) return until.aborted
  const { destroyed, closed, readyState } = until as {
    readonly destroyed?: unknown
    readonly closed?: unknown
    readonly readyState?: unknown
  }
  return destroyed === true || closed === true || readyState === WEBSOCKET_CLOSED
}

function listen(until: AbortSignal | ClosingEmitter, listener: () => void): void {
  if (until instanceof AbortSignal) until.addEventListener('abort', listener, { once: true })
  else until.once('close', listener)
}

function unlisten(until: AbortSignal | ClosingEmitter, listener: () => void): void {
  if (until instanceof AbortSignal) until.removeEventListener('abort', listener)
  else until.off('close', listener)
}
