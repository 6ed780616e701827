import type { TracedCall } from '@drawbridge/options'
import { type Attributes, type Span, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'
import { listen, type Stop } from './listen.ts'

/** A call that is done. */
export interface CompletedCall {
  readonly ms: number
  /** Of its metrics and its span. */
  readonly attributes: Attributes
}

/** Options of {@link traceCalls}. */
export interface TraceCallsOptions {
  /** Of the channels, such as `drawbridge:store`. */
  readonly channel: string
  /** What the names of spans begin with, such as `drawbridge.store`. */
  readonly scope: string
  readonly tracer: Tracer | undefined
  readonly onCompleted: (completed: CompletedCall) => void
}

interface RunningCall {
  readonly startedAt: number
  readonly span: Span | undefined
}

/**
 * Follows the calls of a tracing channel: a span for each that belongs to a request which is traced, and how long each took. What runs
 * in the background, such as a batch of touches, would be a trace of its own, and has no span.
 */
export function traceCalls({ channel, scope, tracer, onCompleted }: TraceCallsOptions): readonly Stop[] {
  const running = new WeakMap<TracedCall, RunningCall>()
  const onStart = (call: TracedCall): void => {
    const span = trace.getActiveSpan() && tracer?.startSpan(`${scope}.${call.operation}`)
    running.set(call, { startedAt: performance.now(), span })
  }
  const onEnd = (call: TracedCall): void => {
    const { startedAt, span } = running.get(call) ?? {}
    // It began before this was started.
    if (startedAt === undefined) return
    const attributes = describe(scope, call)
    span?.setAttributes(attributes)
    if (call.error !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
    onCompleted({ ms: performance.now() - startedAt, attributes })
  }
  return [listen(`tracing:${channel}:start`, onStart), listen(`tracing:${channel}:asyncEnd`, onEnd)]
}

/** Nothing of the message of an error: a driver may write an argument into it. */
function describe(scope: string, { operation, error }: TracedCall): Attributes {
  const attributes = { [`${scope}.operation`]: operation }
  return error === undefined ? attributes : { ...attributes, 'error.type': errorType(error) }
}

function errorType(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: string }
  return typeof code === 'string' ? code : (name ?? 'Error')
}
