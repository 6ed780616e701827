/**
 * Freezes a JSON value and everything in it, so that no request can change what others get too. Called when a credential
 * is verified, and not for each request that presents it again.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  // No list of values is made (bench, `cold-guards`).
  for (const name in value) deepFreeze(value[name])
  return Object.freeze(value)
}
