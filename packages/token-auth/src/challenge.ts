/**
 * The challenge that says what would do (RFC 6750 section 3): without an error where no token was shown. Nothing
 * that a client sent goes into it.
 */
export function challenge(
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope',
  scope?: string
): Readonly<Record<string, string>> {
  const parts = ['realm="drawbridge"']
  if (error !== undefined) parts.push(`error="${error}"`)
  if (scope !== undefined) parts.push(`scope="${scope}"`)
  return { 'www-authenticate': `Bearer ${parts.join(', ')}` }
}
