import { isScope } from '@drawbridge/logins/fastify'

/** For scopes that a route asks for. */
export function checkScopes(scopes: readonly string[]): void {
  const wrong = scopes.find((scope) => !isScope(scope))
  if (wrong === undefined) return
  throw new TypeError(`a scope must be as RFC 6749 section 3.3 has it, got ${JSON.stringify(wrong)}`)
}
