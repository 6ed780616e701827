import type { Answer, Ask } from './clients/client.ts'

/** What a step may need of what went before. */
export interface Seen {
  /** The Cookie header and the access token as they were at the last `keep`. */
  readonly cookie: string
  readonly token: string
}

interface Expected {
  readonly status: number
  readonly message?: string
}

/** One request and its answer, which a small service and the demo must give alike. */
export interface Step {
  readonly name: string
  readonly ask: (seen: Seen) => Ask
  readonly answer: Expected
  /** Where the small service rightly answers otherwise: how, and why the demo does not. */
  readonly before?: Expected & { readonly because: string }
  /** After this step, remember the cookie or the token that the client holds. */
  readonly keep?: true
}

const unauthorized = { status: 401, message: 'Unauthorized' }
const invalid = { status: 401, message: 'Invalid credentials' }
const hello = { status: 200, message: 'Hello, user!' }
const loggedOut = { status: 200, message: 'Logged out' }

const get = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'GET', path, ...more })
const post = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'POST', path, ...more })

/** Another letter in the middle: not in the last place, whose bits base64 may not use. */
function tampered(text: string): string {
  const at = Math.floor(text.length / 2)
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

const logIn = (path: string, username: string, password: string) => () =>
  post(path, { json: { username, password } })

const strictBody = {
  status: 401,
  message: 'Invalid credentials',
  because: 'the demo tells a body that is not as the schema says from a wrong password: 400'
}

export const sessionScript: readonly Step[] = [
  { name: 'no credential', ask: () => get('/session/protected'), answer: unauthorized },
  { name: 'logout without a login', ask: () => post('/session/logout'), answer: loggedOut },
  { name: 'a wrong password', ask: logIn('/session/login', 'user', 'wrong'), answer: invalid },
  { name: 'an unknown user', ask: logIn('/session/login', 'nobody', 'pass'), answer: invalid },
  {
    name: 'a body without a password',
    ask: () => post('/session/login', { json: { username: 'user' } }),
    answer: { status: 400 },
    before: strictBody
  },
  { name: 'protected after failed log-ins', ask: () => get('/session/protected'), answer: unauthorized },
  {
    name: 'the right password',
    ask: logIn('/session/login', 'user', 'pass'),
    answer: { status: 200, message: 'Login successful' },
    keep: true
  },
  { name: 'protected', ask: () => get('/session/protected'), answer: hello },
  { name: 'protected again', ask: () => get('/session/protected'), answer: hello },
  {
    name: 'a tampered cookie',
    ask: ({ cookie }) => get('/session/protected', { cookie: cookie.split('; ').map(tampered).join('; ') }),
    answer: unauthorized
  },
  {
    name: 'a made-up cookie',
    ask: ({ cookie }) => get('/session/protected', { cookie: `${cookie.split('=')[0]}=made-up` }),
    answer: unauthorized
  },
  {
    name: 'the token of the other carrier',
    ask: () => get('/session/protected', { cookie: 'other=1', bearer: 'made.up.token' }),
    answer: unauthorized
  },
  {
    name: 'a wrong password while logged in',
    ask: logIn('/session/login', 'user', 'wrong'),
    answer: invalid
  },
  { name: 'the login is still there', ask: () => get('/session/protected'), answer: hello },
  { name: 'logout', ask: () => post('/session/logout'), answer: loggedOut },
  { name: 'protected after logout', ask: () => get('/session/protected'), answer: unauthorized },
  { name: 'logout twice', ask: () => post('/session/logout'), answer: loggedOut },
  {
    name: 'the cookie from before logout',
    ask: ({ cookie }) => get('/session/protected', { cookie }),
    answer: unauthorized,
    before: {
      ...hello,
      because: 'the small service keeps the session in the cookie itself, so nothing can end it'
    }
  },
  {
    name: 'log in anew',
    ask: logIn('/session/login', 'user', 'pass'),
    answer: { status: 200, message: 'Login successful' }
  },
  { name: 'protected anew', ask: () => get('/session/protected'), answer: hello }
]

const stateless = 'the small service keeps nothing, so a token is good until it expires'

export const tokenScript: readonly Step[] = [
  { name: 'no credential', ask: () => get('/token/protected'), answer: unauthorized },
  { name: 'logout without a credential', ask: () => post('/token/logout'), answer: unauthorized },
  { name: 'a wrong password', ask: logIn('/token/login', 'user', 'wrong'), answer: invalid },
  { name: 'an unknown user', ask: logIn('/token/login', 'nobody', 'pass'), answer: invalid },
  {
    name: 'a body without a password',
    ask: () => post('/token/login', { json: { username: 'user' } }),
    answer: { status: 400 },
    before: strictBody
  },
  {
    name: 'the right password',
    ask: logIn('/token/login', 'user', 'pass'),
    answer: { status: 200 },
    keep: true
  },
  { name: 'protected', ask: ({ token }) => get('/token/protected', { bearer: token }), answer: hello },
  { name: 'protected again', ask: ({ token }) => get('/token/protected', { bearer: token }), answer: hello },
  {
    name: 'a tampered token',
    ask: ({ token }) => get('/token/protected', { bearer: tampered(token) }),
    answer: unauthorized
  },
  {
    name: 'a token without its signature',
    ask: ({ token }) => get('/token/protected', { bearer: token.slice(0, token.lastIndexOf('.') + 1) }),
    answer: unauthorized
  },
  { name: 'no token', ask: () => get('/token/protected', { bearer: 'made-up' }), answer: unauthorized },
  {
    name: 'logout with a tampered token',
    ask: ({ token }) => post('/token/logout', { bearer: tampered(token) }),
    answer: unauthorized
  },
  {
    name: 'the login is still there',
    ask: ({ token }) => get('/token/protected', { bearer: token }),
    answer: hello
  },
  { name: 'logout', ask: ({ token }) => post('/token/logout', { bearer: token }), answer: loggedOut },
  {
    name: 'protected after logout',
    ask: ({ token }) => get('/token/protected', { bearer: token }),
    answer: unauthorized,
    before: { ...hello, because: stateless }
  },
  {
    name: 'logout twice',
    ask: ({ token }) => post('/token/logout', { bearer: token }),
    answer: unauthorized,
    before: { ...loggedOut, because: stateless }
  },
  {
    name: 'log in anew',
    ask: logIn('/token/login', 'user', 'pass'),
    answer: { status: 200 },
    keep: true
  },
  { name: 'protected anew', ask: ({ token }) => get('/token/protected', { bearer: token }), answer: hello }
]

/** What of an answer the contract fixes for a step. */
export function fixedPart({ status, body }: Answer, expected: Expected): Expected {
  return expected.message === undefined ? { status } : { status, message: String(body.message) }
}
