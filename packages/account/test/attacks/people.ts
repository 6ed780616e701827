import { canonicalizeUsername } from '@drawbridge/credentials'
import { createOneTimeTokens } from '../../src/index.ts'
import {
  type Answer,
  cookiesFrom,
  type Credential,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  SECRET,
  type ServiceOptions
} from '../start-service.ts'

const CODE = '492039'
const THROTTLE = { requestsPerAccount: 1000, requestsPerAddress: 1_000_000 }

/** A user, and every credential that anybody was given in the name of the user. */
export interface Person {
  readonly username: string
  /** Empty for somebody who has not registered yet. */
  readonly userId: string
  /** Of a session at the first node. */
  readonly own: Credential
  readonly credentials: Credential[]
  readonly refreshTokens: string[]
  readonly tickets: Array<readonly [carrier: Carrier, ticket: string]>
}

type Carrier = 'session' | 'token'

/** What a service has to have for every flow. */
export const everyFlow: ServiceOptions = {
  account: { throttle: THROTTLE },
  bridge: { exchange: ['session-for-token', 'token-for-session'] },
  credentials: {
    throttle: { attemptsPerAccount: 100, attemptsPerAddress: 1_000_000 },
    secondFactor: {
      isRequired: ({ username }) => username.startsWith('two-'),
      verify: ({ response }) => response === CODE
    }
  },
  routes: (app) => {
    app.post('/keys', { onRequest: app.bridge.guard }, async (request) =>
      app.keyAuth.create(request, { name: 'deploy', scopes: [], expiresAt: Date.now() + 3_600_000 })
    )
    app.post('/join', async (request, reply) => {
      const outcome = await app.account.register(request, request.body)
      if (outcome.status !== 'registered') throw new Error('registered users can sign in')
      await app.sessionAuth.startSession(request, reply, outcome.signIn)
      return {}
    })
    app.post('/reset', async (request, reply) => {
      const signIn = await app.account.resetPassword(request, request.body)
      await app.sessionAuth.startSession(request, reply, signIn)
      return {}
    })
    app.post('/username', { onRequest: app.bridge.guard }, (request) =>
      app.account.rename(request, request.body)
    )
  }
}

let people = 0

/** Somebody whom nobody knows yet. */
function newPerson(kind: 'one' | 'two' = 'one'): Person {
  people += 1
  const lists = { credentials: [], refreshTokens: [], tickets: [] }
  return { username: `${kind}-${people}`, userId: '', own: {}, ...lists }
}

/** A user of the service, with a session at a node. */
export async function register(node: Node, kind: 'one' | 'two' = 'one'): Promise<Person> {
  const person = newPerson(kind)
  const outcome = await node.credentials.register({ username: person.username, password: PASSWORD })
  if (!outcome.ok) throw new Error(outcome.reason)
  const { cookie } = await signIn(node, person, 'session')
  return { ...person, userId: outcome.user.id, own: { cookie: cookie ?? '' } }
}

/** The body of a sign-in. */
export const asUser = ({ username }: Person) => ({ username, password: PASSWORD })

/** Signs a person in, with whatever is needed. */
export async function signIn(
  node: Node,
  person: Person,
  carrier: Carrier
): Promise<{ cookie?: string; authorization?: string; refresh_token: string }> {
  const first = await node.send('POST', `/${carrier}/login`, {}, asUser(person))
  const answer = first.status === 202 ? await complete(node, carrier, String(first.body['pending'])) : first
  if (answer.status !== 200) throw new Error(`the response to a sign-in was ${answer.status}: ${answer.text}`)
  collect(person, answer)
  const refresh_token = String(answer.body['refresh_token'])
  return carrier === 'session'
    ? { cookie: cookiesFrom(answer.headers), refresh_token }
    : { authorization: `Bearer ${String(answer.body['token'])}`, refresh_token }
}

/** The second step of a sign-in. */
export function complete(node: Node, carrier: Carrier, pending: string): Promise<Answer> {
  return node.send('POST', `/${carrier}/login/second-factor`, {}, { pending, response: CODE })
}

/** Notes every credential that is in a response. */
export function collect(person: Person, { headers, body }: Answer, carrier: Carrier = 'session'): void {
  const cookie = cookiesFrom(headers)
  // Not a snapshot alone, which a response may renew.
  if (cookie.startsWith('drawbridge=')) person.credentials.push({ cookie })
  const { token, refresh_token, pending } = body
  if (typeof token === 'string') person.credentials.push({ authorization: `Bearer ${token}` })
  if (typeof refresh_token === 'string') person.refreshTokens.push(refresh_token)
  if (typeof pending === 'string') person.tickets.push([carrier, pending])
}

/** The id of a person, also of one who has registered meanwhile; undefined for nobody. */
export async function findId(node: Node, { username }: Person): Promise<string | undefined> {
  const key = canonicalizeUsername(username)?.key ?? ''
  return (await node.users.store.findByUsernameKey(key))?.id
}

/** A token for a reset, as it would be sent. */
export async function resetToken(node: Node, { userId }: Person): Promise<string> {
  const stamp = await node.credentials.stampOf({ userId })
  const tokens = createOneTimeTokens({ purpose: 'password-reset', secret: SECRET, findState: () => '' })
  return tokens.create({ userId, state: stamp?.passwordStamp ?? '' })
}

/** Something that a user does at one node, which may leave a credential. */
export interface Flow {
  /** Its user, and what the user has before. */
  prepare(node: Node, other: Node): Promise<{ person: Person; run: (node: Node) => Promise<Answer> }>
  /** The status of its response, where nothing else happens. */
  readonly status: number
}

const CHANGE = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }

const ofUser = (
  start: (person: Person, other: Node) => Promise<(node: Node) => Promise<Answer>>,
  status = 200,
  kind: 'one' | 'two' = 'one'
): Flow => ({
  status,
  prepare: async (one, other) => {
    const person = await register(one, kind)
    return { person, run: await start(person, other) }
  }
})

const withCookie = (path: string, json?: object, method = 'POST') =>
  ofUser(async (person, other) => {
    const { cookie = '' } = await signIn(other, person, 'session')
    return (node) => node.send(method, path, { cookie }, json)
  })

const withToken = (path: string, json?: object, method = 'POST') =>
  ofUser(async (person, other) => {
    const { authorization = '' } = await signIn(other, person, 'token')
    return (node) => node.send(method, path, { authorization }, json)
  })

const withRefreshToken = (path: string) =>
  ofUser(async (person, other) => {
    const { refresh_token } = await signIn(other, person, 'token')
    return (node) => node.send('POST', path, {}, { refresh_token })
  })

const secondStep = (carrier: Carrier) =>
  ofUser(
    async (person, other) => {
      const first = await other.send('POST', `/${carrier}/login`, {}, asUser(person))
      collect(person, first, carrier)
      return (node) => complete(node, carrier, String(first.body['pending']))
    },
    200,
    'two'
  )

/** Everything by which a user gets a credential or goes on with one. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  'a sign-in by cookie': ofUser(
    async (person) => (node) => node.send('POST', '/session/login', {}, asUser(person))
  ),
  'a sign-in by token': ofUser(
    async (person) => (node) => node.send('POST', '/token/login', {}, asUser(person))
  ),
  'the first step of a sign-in': ofUser(
    async (person) => (node) => node.send('POST', '/session/login', {}, asUser(person)),
    202,
    'two'
  ),
  'the second step by cookie': secondStep('session'),
  'the second step by token': secondStep('token'),
  'a refresh': withRefreshToken('/token/refresh'),
  'an exchange for an access token': withCookie('/exchange/session-for-token', {}),
  'an exchange for a refresh token': withCookie('/exchange/session-for-token', { refresh_token: true }),
  'an exchange for a cookie': withRefreshToken('/exchange/token-for-session'),
  'an authentication again by cookie': withCookie('/account/reauthenticate', { password: PASSWORD }),
  'an authentication again by token': withToken('/account/reauthenticate', { password: PASSWORD }),
  'a change of password by cookie': withCookie('/account/password', CHANGE),
  'a change of password by token': withToken('/account/password', CHANGE),
  'a key': withToken('/keys'),
  // Of the session in hand, as somebody who has copied it.
  'a key by a copy of the session in hand': ofUser(
    async ({ own }) =>
      (node) =>
        node.send('POST', '/keys', own)
  ),
  'an exchange by a copy of the session in hand': ofUser(async ({ own }) => async (node) => {
    const answer = await node.send('POST', '/exchange/session-for-token', own, { refresh_token: true })
    // Its access token is valid until it expires, as any of a login that goes on.
    return { ...answer, body: { refresh_token: answer.body['refresh_token'] } }
  }),
  'a guarded request by cookie': withCookie('/me', undefined, 'GET'),
  'a guarded request by token': withToken('/me', undefined, 'GET'),
  'a guarded request by key': ofUser(async (person, other) => {
    const { cookie = '' } = await signIn(other, person, 'session')
    const key = await other.send('POST', '/keys', { cookie })
    collect(person, key)
    const authorization = `Bearer ${String(key.body['token'])}`
    return (node) => node.send('GET', '/me', { authorization })
  }),
  'a reset that signs in': ofUser(async (person, other) => {
    const token = await resetToken(other, person)
    return (node) => node.send('POST', '/reset', {}, { token, newPassword: `${NEXT_PASSWORD} again` })
  }),
  'a registration that signs in': {
    status: 200,
    prepare: async () => {
      const person = newPerson()
      return { person, run: (node) => node.send('POST', '/join', {}, asUser(person)) }
    }
  }
}
