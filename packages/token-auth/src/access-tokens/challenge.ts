/**
 * The header with the challenge of a 400, 401 or 403 (RFC 6750 section 3): without an error where no token was presented.
 * Nothing that a client sent is in it.
 */
export function challenge(
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope',
  scope?: string
): Readonly<Record<string, string>> {
  const parameters = ['realm="drawbridge"']
  if (error !== undefined) parameters.push(`error="${error}"`)
  if (scope !== undefined) parameters.push(`scope="${scope}"`)
  return { 'www-authenticate': `Bearer ${parameters.join(', ')}` }
}
