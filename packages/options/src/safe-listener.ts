/**
 * Wraps a listener of the service so that it can be called anywhere: an error that it throws, or an async one rejects
 * with, is ignored, since a fault of a listener must not fail the operation that it reports on.
 */
export function safeListener<T>(listener: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => {
    try {
      Promise.resolve(listener?.(value)).catch(() => {})
    } catch {}
  }
}
