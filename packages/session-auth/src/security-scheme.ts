/** Of OpenAPI: the session cookie. @param cookieName its name. */
export function createSecurityScheme(cookieName: string): object {
  return { type: 'apiKey', in: 'cookie', name: cookieName }
}
