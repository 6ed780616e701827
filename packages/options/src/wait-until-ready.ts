import { once, type EventEmitter } from 'node:events'

/** The part of an ioredis client that is used here. */
interface ConnectingClient {
  readonly status: string
}

/**
 * For stores whose client has no offline queue: resolves once it is connected, for all calls together, and rejects where it is not after
 * `timeoutMs`.
 */
export function createReadyWait(client: ConnectingClient, timeoutMs: number): () => Promise<unknown> {
  let pending: Promise<unknown> | undefined
  return async () => {
    if (client.status === 'ready') return
    pending ??= once(client as unknown as EventEmitter, 'ready', {
      signal: AbortSignal.timeout(timeoutMs)
    }).finally(() => (pending = undefined))
    return pending
  }
}
