/** RFC 6749 section 3.3: what a scope may be made of. */
export function isScope(value: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}

/** For scopes that the service itself gives. */
export function checkScopes(scopes: readonly string[]): void {
  const wrong = scopes.find((scope) => !isScope(scope))
  if (wrong === undefined) return
  throw new TypeError(`a scope must be as RFC 6749 section 3.3 has it, got ${JSON.stringify(wrong)}`)
}
