import { parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import {
  checkServeStaleFor,
  onStaleOption,
  onStoreDownOption,
  type OutagePolicy
} from '../cache/outage-policy.ts'

/** What emits `close` once, when it is over: a WebSocket of `ws`, a socket, `reply.raw`, a stream. */
export interface ClosingEmitter {
  once(event: 'close', listener: () => void): unknown
  off(event: 'close', listener: () => void): unknown
}

/** Options of `logins.signalOf`. */
export interface SignalOptions extends OutagePolicy {
  /**
   * The connection that the signal is for: what emits `close`, or an AbortSignal. The signal aborts when it closes, with an
   * `AbortError`, and from then on nothing refers to it any more.
   *
   * Not `request.raw`, nor Fastify's `request.signal`: a request is over when its body was read.
   */
  readonly until: AbortSignal | ClosingEmitter
  /**
   * ms since the epoch: the signal aborts then, although the login goes on. For the access token by which the connection was
   * opened: `accessTokenExpiresAt` of token-auth. Default: when the login expires.
   */
  readonly expiresAt?: number | undefined
  /**
   * True: the login is in use as long as the connection is open, so that its idle timeout does not end it. False: only requests
   * are use, and the connection ends at the idle timeout. Default false.
   */
  readonly countsAsUse?: boolean | undefined
}

const NO_REQUEST = 'must not be a request, which is over when its body was read: pass the socket or reply.raw'

const schema = v.strictObject({
  until: v.pipe(
    v.custom<AbortSignal | ClosingEmitter>(
      (value) => value instanceof AbortSignal || isEmitter(value),
      ({ input }) =>
        `must be what closes: a socket, reply.raw, a stream or an AbortSignal, got ${input === null ? 'null' : typeof input}`
    ),
    v.check((value) => !('httpVersion' in value && 'url' in value), `${NO_REQUEST}, got an IncomingMessage`)
  ),
  expiresAt: v.optional(v.number('must be ms since the epoch')),
  countsAsUse: v.optional(v.boolean('must be true or false'), false),
  onStale: v.optional(onStaleOption),
  onStoreDown: v.optional(onStoreDownOption)
})

/** Options of `logins.signalOf`, parsed. */
export type ParsedSignalOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError */
export function parseSignalOptions(input: SignalOptions, retentionSeconds: number): ParsedSignalOptions {
  const options = parseOptions('logins.signalOf', schema, input)
  checkServeStaleFor('logins.signalOf', options.onStoreDown, retentionSeconds)
  return options
}

function isEmitter(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { once, off } = value as Readonly<Record<string, unknown>>
  return typeof once === 'function' && typeof off === 'function'
}
