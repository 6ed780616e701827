/**
 * What a service gave to be told of something, as it can be called from anywhere: what it throws, or what an async one
 * rejects with, stops nothing of ours, for nobody is there to be told.
 */
export function safeListener<T>(listener: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => {
    try {
      Promise.resolve(listener?.(value)).catch(() => {})
    } catch {}
  }
}
