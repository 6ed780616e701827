import type { Answer, Ask } from './clients/client.ts'

/** What a step may need from earlier steps. */
export interface ClientState {
  /** The Cookie header and the access token at the last `keep`. */
  readonly cookie: string
  readonly token: string
}

interface Expected {
  readonly status: number
  readonly message?: string
}

/** One request and its response, which must be the same from a small service and from the demo. */
export interface Step {
  readonly name: string
  readonly request: (seen: ClientState) => Ask
  readonly response: Expected
  /** Where the small service differs: its response, and why the demo's is another. */
  readonly before?: Expected & { readonly because: string }
  /** After this step, remember the cookie or the token of the client. */
  readonly store?: true
}

const unauthorized = { status: 401, message: 'Unauthorized' }
const invalidCredentials = { status: 401, message: 'Invalid credentials' }
const hello = { status: 200, message: 'Hello, user!' }
const signedOut = { status: 200, message: 'Logged out' }

const get = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'GET', path, ...more })
const post = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'POST', path, ...more })

/** Changes a character in the middle: base64 may not use all bits of the last one. */
function tamper(text: string): string {
  const at = Math.floor(text.length / 2)
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

const signIn = (path: string, username: string, password: string) => () =>
  post(path, { json: { username, password } })

const strictBody = {
  status: 401,
  message: 'Invalid credentials',
  because: 'the demo distinguishes a body that violates the schema from a wrong password: 400'
}

export const sessionScript: readonly Step[] = [
  { name: 'no credential', request: () => get('/session/protected'), response: unauthorized },
  { name: 'logout without a login', request: () => post('/session/logout'), response: signedOut },
  {
    name: 'a wrong password',
    request: signIn('/session/login', 'user', 'wrong'),
    response: invalidCredentials
  },
  {
    name: 'an unknown user',
    request: signIn('/session/login', 'nobody', 'pass'),
    response: invalidCredentials
  },
  {
    name: 'a body without a password',
    request: () => post('/session/login', { json: { username: 'user' } }),
    response: { status: 400 },
    before: strictBody
  },
  {
    name: 'protected after failed log-ins',
    request: () => get('/session/protected'),
    response: unauthorized
  },
  {
    name: 'the right password',
    request: signIn('/session/login', 'user', 'pass'),
    response: { status: 200, message: 'Login successful' },
    store: true
  },
  { name: 'protected', request: () => get('/session/protected'), response: hello },
  { name: 'protected again', request: () => get('/session/protected'), response: hello },
  {
    name: 'a tampered cookie',
    request: ({ cookie }) => get('/session/protected', { cookie: cookie.split('; ').map(tamper).join('; ') }),
    response: unauthorized
  },
  {
    name: 'a made-up cookie',
    request: ({ cookie }) => get('/session/protected', { cookie: `${cookie.split('=')[0]}=made-up` }),
    response: unauthorized
  },
  {
    name: 'the token of the other carrier',
    request: () => get('/session/protected', { cookie: 'other=1', bearer: 'made.up.token' }),
    response: unauthorized
  },
  {
    name: 'a wrong password while logged in',
    request: signIn('/session/login', 'user', 'wrong'),
    response: invalidCredentials
  },
  { name: 'the login is still there', request: () => get('/session/protected'), response: hello },
  { name: 'logout', request: () => post('/session/logout'), response: signedOut },
  { name: 'protected after logout', request: () => get('/session/protected'), response: unauthorized },
  { name: 'logout twice', request: () => post('/session/logout'), response: signedOut },
  {
    name: 'the cookie from before logout',
    request: ({ cookie }) => get('/session/protected', { cookie }),
    response: unauthorized,
    before: {
      ...hello,
      because: 'the small service stores the session in the cookie itself, so it cannot be revoked'
    }
  },
  {
    name: 'sign in again',
    request: signIn('/session/login', 'user', 'pass'),
    response: { status: 200, message: 'Login successful' }
  },
  { name: 'protected after it', request: () => get('/session/protected'), response: hello }
]

const stateless = 'the small service stores nothing, so a token is valid until it expires'

export const tokenScript: readonly Step[] = [
  { name: 'no credential', request: () => get('/token/protected'), response: unauthorized },
  { name: 'logout without a credential', request: () => post('/token/logout'), response: unauthorized },
  {
    name: 'a wrong password',
    request: signIn('/token/login', 'user', 'wrong'),
    response: invalidCredentials
  },
  {
    name: 'an unknown user',
    request: signIn('/token/login', 'nobody', 'pass'),
    response: invalidCredentials
  },
  {
    name: 'a body without a password',
    request: () => post('/token/login', { json: { username: 'user' } }),
    response: { status: 400 },
    before: strictBody
  },
  {
    name: 'the right password',
    request: signIn('/token/login', 'user', 'pass'),
    response: { status: 200 },
    store: true
  },
  { name: 'protected', request: ({ token }) => get('/token/protected', { bearer: token }), response: hello },
  {
    name: 'protected again',
    request: ({ token }) => get('/token/protected', { bearer: token }),
    response: hello
  },
  {
    name: 'a tampered token',
    request: ({ token }) => get('/token/protected', { bearer: tamper(token) }),
    response: unauthorized
  },
  {
    name: 'a token without its signature',
    request: ({ token }) => get('/token/protected', { bearer: token.slice(0, token.lastIndexOf('.') + 1) }),
    response: unauthorized
  },
  { name: 'no token', request: () => get('/token/protected', { bearer: 'made-up' }), response: unauthorized },
  {
    name: 'logout with a tampered token',
    request: ({ token }) => post('/token/logout', { bearer: tamper(token) }),
    response: unauthorized
  },
  {
    name: 'the login is still there',
    request: ({ token }) => get('/token/protected', { bearer: token }),
    response: hello
  },
  { name: 'logout', request: ({ token }) => post('/token/logout', { bearer: token }), response: signedOut },
  {
    name: 'protected after logout',
    request: ({ token }) => get('/token/protected', { bearer: token }),
    response: unauthorized,
    before: { ...hello, because: stateless }
  },
  {
    name: 'logout twice',
    request: ({ token }) => post('/token/logout', { bearer: token }),
    response: unauthorized,
    before: { ...signedOut, because: stateless }
  },
  {
    name: 'sign in again',
    request: signIn('/token/login', 'user', 'pass'),
    response: { status: 200 },
    store: true
  },
  {
    name: 'protected after it',
    request: ({ token }) => get('/token/protected', { bearer: token }),
    response: hello
  }
]

/** The part of a response that the contract fixes for a step. */
export function stableFields({ status, body }: Answer, expected: Expected): Expected {
  return expected.message === undefined ? { status } : { status, message: String(body.message) }
}
