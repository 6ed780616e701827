/**
 * Freezes a value of JSON and all that is in it, for what is given to more than one request: what one of them changed
 * would be changed for all. Only where a credential is verified, and not for each request that presents it again.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
