/*
 * What a thief gets who has a dump of every store, or the root secret, or a mail box of last week: nothing, on a service that has a
 * credential of each kind in use. What the thief makes, our own software makes.
 */
import t, { type Test } from 'tap'
import { createOneTimeTokens } from '../../src/index.ts'
import {
  type Answer,
  type Credential,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  SECRET,
  type Service,
  startService
} from '../start-service.ts'
import { asUser, collect, complete, everyFlow, type Person, register, resetToken, signIn } from './people.ts'
import { type Forge, startThief } from './thief.ts'

const THIEFS_SECRET = 'the root secret of a thief, 0123456789'
const LOGIN_ID_BYTES = 21

/** A user with a credential of each kind, in use. */
interface Victim extends Person {
  readonly cookie: string
  readonly accessToken: string
  /** Rotated once: the store has its predecessor and a seal. */
  readonly refreshToken: string
  readonly key: string
  readonly ticket: string
  readonly resetToken: string
}

async function createVictim(node: Node): Promise<Victim> {
  const person = await register(node, 'two')
  const {
    cookie = '',
    authorization = '',
    refresh_token
  } = {
    ...(await signIn(node, person, 'session')),
    ...(await signIn(node, person, 'token'))
  }
  const refreshed = await node.send('POST', '/token/refresh', {}, { refresh_token })
  const key = await node.send('POST', '/keys', { cookie })
  const first = await node.send('POST', '/session/login', {}, asUser(person))
  for (const answer of [refreshed, key, first]) collect(person, answer)
  return {
    ...person,
    cookie,
    accessToken: authorization.slice('Bearer '.length),
    refreshToken: String(refreshed.body['refresh_token']),
    key: String(key.body['token']),
    ticket: String(first.body['pending']),
    resetToken: await resetToken(node, person)
  }
}

/** The secret parts of a credential: without the loginId, which is public. */
function secretsOf({ cookie, refreshToken, key, ticket, resetToken: reset }: Victim): readonly Buffer[] {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const [, secret = ''] =
    decodeURIComponent(cookie.split('; ')[0] ?? '')
      .split('=')
      .at(-1)
      ?.split('.') ?? []
  const refresh = bytes(refreshToken.slice('drbr_'.length)).subarray(LOGIN_ID_BYTES + 4)
  return [
    bytes(secret),
    refresh.subarray(0, 16),
    refresh.subarray(16, 32),
    bytes(key.slice('drbk_'.length)).subarray(LOGIN_ID_BYTES, LOGIN_ID_BYTES + 24),
    bytes(ticket.slice('drbp_'.length)).subarray(LOGIN_ID_BYTES, LOGIN_ID_BYTES + 18),
    bytes(reset.slice('drbo_'.length))
  ]
}

const spellings = (bytes: Buffer) =>
  (['base64', 'base64url', 'hex', 'latin1'] as const).map((encoding) =>
    bytes.toString(encoding).replace(/=+$/, '')
  )

/** The statuses that a text gets as each kind of credential, and as each kind of token. */
async function presentEverywhere(node: Node, text: string): Promise<readonly number[]> {
  const bearer = { authorization: `Bearer ${text}` }
  const posts: ReadonlyArray<readonly [path: string, body: object]> = [
    ['/token/refresh', { refresh_token: text }],
    ['/token/logout', { refresh_token: text }],
    ['/exchange/token-for-session', { refresh_token: text }],
    ['/session/login/second-factor', { pending: text, response: '492039' }],
    ['/token/login/second-factor', { pending: text, response: '492039' }],
    ['/account/password/reset', { token: text, newPassword: NEXT_PASSWORD }],
    ['/account/verify', { token: text }]
  ]
  const answers: Answer[] = []
  for (const [path, body] of posts) answers.push(await node.send('POST', path, {}, body))
  return [
    await node.me(bearer),
    await node.me({ cookie: `drawbridge=${text}` }),
    ...answers.map(({ status }) => status)
  ]
}

const REJECTED = new Set([400, 401])

/** Every credential of the victim is as good as before. */
async function assertUnharmed(t: Test, node: Node, victim: Victim): Promise<void> {
  const { cookie, accessToken, refreshToken, key, ticket } = victim
  const bearers = [accessToken, key].map((token): Credential => ({ authorization: `Bearer ${token}` }))
  for (const credential of [{ cookie }, ...bearers]) t.equal(await node.me(credential), 200, 'unharmed')
  t.equal((await node.send('POST', '/token/refresh', {}, { refresh_token: refreshToken })).status, 200)
  t.equal((await complete(node, 'session', ticket)).status, 200)
  const { resetToken: token } = victim
  t.equal(
    (await node.send('POST', '/account/password/reset', {}, { token, newPassword: NEXT_PASSWORD })).status,
    200
  )
}

/** Presents what a thief has made for each login of the victim, and for one that is none. */
async function assertWorthless(
  t: Test,
  node: Node,
  forge: Forge,
  { userId, username }: Victim
): Promise<void> {
  const logins = await node.store.store.listByUser(userId)
  t.equal(
    new Set(logins.map(({ key, refresh, session }) => [key, refresh, session].findIndex(Boolean))).size,
    4
  )
  for (const { id } of logins) {
    const { cookie, accessToken, refreshToken, key, tickets } = await forge(id, { id: userId, username })
    t.equal(await node.me({ cookie }), 401, 'a cookie')
    t.equal((await node.send('POST', '/exchange/session-for-token', { cookie }, {})).status, 401)
    for (const path of ['/session/logout', '/logout']) await node.send('POST', path, { cookie })
    for (const text of [accessToken, refreshToken, key, ...tickets])
      for (const status of await presentEverywhere(node, text)) t.ok(REJECTED.has(status), `${status}`)
  }
}

const start = (t: Test, session = {}): Promise<Service> =>
  startService(t, 'postgres and redis', { ...everyFlow, session })

t.test('A20 a dump of every store gives nothing without the root secret', async (t) => {
  const service = await start(t)
  const [node, other] = service.nodes as [Node, Node]
  const victim = await createVictim(node)
  const dump = await service.dump()
  t.match(dump, victim.userId, 'control: it is a dump')
  for (const { id } of await node.store.store.listByUser(victim.userId)) t.match(dump, id)
  for (const secret of secretsOf(victim)) {
    t.ok(secret.length >= 16, 'control: it is a secret')
    for (const spelling of spellings(secret)) t.notOk(dump.includes(spelling), 'no secret is stored')
  }
  t.notOk(dump.includes(victim.accessToken) || dump.includes(PASSWORD))
  const texts = new Set(dump.match(/[\w-]{16,}/g))
  t.comment(`${texts.size} texts`)
  for (const text of texts)
    for (const status of await presentEverywhere(other, text))
      t.ok(REJECTED.has(status), `${status} for ${text}`)
  await assertWorthless(t, other, await startThief(t, THIEFS_SECRET), victim)
  await assertUnharmed(t, other, victim)
})

t.test(
  'A21 a root secret gives nothing without a credential of its user, with a dump of the logins too',
  async (t) => {
    const [node, other] = (await start(t, { snapshotSeconds: 0 })).nodes as [Node, Node]
    const victim = await createVictim(node)
    await assertWorthless(t, other, await startThief(t, SECRET), victim)
    for (const purpose of ['password-reset', 'verification']) {
      const tokens = createOneTimeTokens({ purpose, secret: SECRET, findState: () => '' })
      for (const state of ['', victim.username, PASSWORD]) {
        const text = tokens.create({ userId: victim.userId, state })
        for (const status of await presentEverywhere(other, text)) t.ok(REJECTED.has(status), `${status}`)
      }
    }
    await assertUnharmed(t, other, victim)
  }
)

t.test(
  'A21 but for the snapshot of a session, as the threat model says, where the service has them',
  async (t) => {
    const clock = { now: 1_800_000_000_000 }
    for (const snapshotSeconds of [120, 0]) {
      const [node] = (await startService(t, 'memory', { ...everyFlow, clock, session: { snapshotSeconds } }))
        .nodes
      const { userId, username } = await register(node)
      const [login] = await node.store.store.listByUser(userId)
      clock.now += 10_000
      const forge = await startThief(t, SECRET, () => clock.now)
      const { cookie } = await forge(login?.id ?? '', { id: userId, username })
      t.equal(await node.me({ cookie: cookie.split('; ')[0] ?? '' }), 401, 'the cookie alone')
      t.equal(await node.me({ cookie }), snapshotSeconds === 0 ? 401 : 200, `${snapshotSeconds}`)
      await node.logins.revokeUser(userId)
      t.equal(await node.me({ cookie }), 401, 'a revoked login is known')
    }
  }
)

t.test('A04 a mail box of last week gives nothing, whatever the mails were for', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const service = await startService(t, 'memory', { clock })
  const [node] = service.nodes
  const userId = (await node.users.store.findByUsernameKey('ada'))?.id ?? ''
  service.pending.set(userId, 'ada@example.com')
  await node.send('POST', '/account/password/forgot', {}, { username: 'ada' })
  const box = [
    (await service.nextMail('reset')).token,
    String(await node.app.account.createVerification(userId))
  ]
  clock.now += 7 * 86_400_000
  for (const text of box)
    for (const status of await presentEverywhere(node, text))
      t.ok([400, 401, 404].includes(status), `${status}`)
  t.equal(service.pending.get(userId), 'ada@example.com')
  t.ok(await node.signIn('token'), 'the password is as it was')
})
