import { tracingChannel, type TracingChannel } from 'node:diagnostics_channel'
import { plainError } from './plain-error.ts'

/** What the messages of one call are: the same object in each of them. */
export interface TracedCall {
  /** The name of the method. */
  readonly operation: string
  /** What it resolved to, in one word; absent before that, and where it says nothing. */
  outcome?: string
  /** What it rejected with, without secrets; absent before that. */
  error?: unknown
}

/** The channels `tracing:<name>:start` to `tracing:<name>:error` of `node:diagnostics_channel`, with a {@link TracedCall} each. */
export type CallChannels = TracingChannel<unknown, TracedCall>

export function openCallChannels(name: string): CallChannels {
  return tracingChannel<unknown, TracedCall>(name)
}

/**
 * Calls `work`, and publishes when it starts and when it is done, as `tracePromise` of Node does. Not by that: it would publish what
 * `work` resolves to, which may have secrets. Where nobody listens this is the call alone.
 *
 * @param describe says in one word what it resolved to.
 */
export function traceCall<T>(
  channels: CallChannels,
  operation: string,
  work: () => Promise<T>,
  describe?: (result: T) => string | undefined
): Promise<T> {
  return channels.hasSubscribers ? trace(channels, { operation }, work, describe) : work()
}

async function trace<T>(
  { start, end, error: failed, asyncStart, asyncEnd }: CallChannels,
  call: TracedCall,
  work: () => Promise<T>,
  describe: ((result: T) => string | undefined) | undefined
): Promise<T> {
  const finish = () => {
    asyncStart.publish(call)
    asyncEnd.publish(call)
  }
  try {
    const promise = start.runStores(call, work)
    end.publish(call)
    const result = await promise
    const outcome = describe?.(result)
    if (outcome !== undefined) call.outcome = outcome
    finish()
    return result
  } catch (error) {
    call.error = plainError(error)
    failed.publish(call)
    finish()
    throw error
  }
}
