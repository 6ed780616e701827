/** The response of every guarded route, the same for all scenarios. */
export const greetingFor = (username: string) => ({ message: `Hello, ${username}!` })

export const USER = { id: 'b8f1f3c0-6a0e-4f0e-9a53-6f2b8f3f7a11', username: 'alice@example.com' }
export const PASSWORD = 'correct horse battery staple'

/** Sign-ins of many users in turn: no user signs in a hundred times per second. */
export const signInBodies = Array.from({ length: 500 }, (_, position) =>
  JSON.stringify({ username: `user-${position}@example.com`, password: PASSWORD })
)
export const SECRET = 'a root secret of the bench, 0123456789'

export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/** name=value of each cookie that a response sets, as a browser would send them back. */
export function toCookieHeader(setCookie: string | readonly string[] | undefined): string {
  return [setCookie ?? []]
    .flat()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}
