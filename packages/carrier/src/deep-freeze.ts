/**
 * Freezes a JSON value and everything in it, so that no request can change what others get too. Called when a credential
 * is verified, and not for each request that presents it again.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
