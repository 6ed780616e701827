import t, { type Test } from 'tap'
import { until } from '@drawbridge/test-support/until'
import { type Answer, NEXT_PASSWORD, type Node, PASSWORD, startService } from '../start-service.ts'

const THROTTLE = { requestsPerAccount: 1000, requestsPerAddress: 1000 }

/** All that a client sees of a response but its time. */
function visible({ status, headers, text }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') }
}

async function start(t: Test, options: NonNullable<Parameters<typeof startService>[2]> = {}) {
  const service = await startService(t, 'memory', {
    ...options,
    account: { throttle: THROTTLE, ...options.account }
  })
  const [node] = service.nodes
  const { users } = node
  await users.store.insert({ username: 'none', usernameKey: 'none', passwordHash: '', disabled: false })
  const bob = await users.store.findByUsernameKey('bob')
  await users.store.setDisabled?.(bob?.id ?? '', true)
  return { ...service, node }
}

const forgot = (node: Node, username: string) =>
  node.send('POST', '/account/password/forgot', {}, { username })

t.test('E09 who forgot a password gets the same bytes, whatever the username', async (t) => {
  const { node, nextMail, mails } = await start(t)
  const expected = visible(await forgot(node, 'ada'))
  t.equal(expected.status, 202)
  for (const username of ['unknown', 'bob', 'none', 'ADA', 'n'.repeat(255)])
    t.same(visible(await forgot(node, username)), expected, username)
  const to = [await nextMail(), await nextMail(), await nextMail()].map((mail) => mail.to)
  t.same(to.toSorted(), ['ada', 'ada', 'none'], 'a disabled user gets none')
  t.same(mails, [])
})

t.test('E09 the response does not wait for what differs: the user, the token and the mail', async (t) => {
  const { node, nextMail } = await start(t)
  let release = () => {}
  const gate = new Promise<void>((resolve) => (release = resolve))
  node.users.before('findByUsernameKey', () => gate)
  node.users.calls.length = 0
  t.equal((await forgot(node, 'ada')).status, 202, 'while the store of users does not answer')
  release()
  t.equal((await nextMail()).to, 'ada')
  t.same(node.users.calls, ['findByUsernameKey'])
})

t.test('E09 an outage of the users or of the mail is in no response', async (t) => {
  const { node, errors } = await start(t, {
    account: { sendReset: () => Promise.reject(new Error('no mail server')) }
  })
  const expected = visible(await forgot(node, 'unknown'))
  t.same(visible(await forgot(node, 'ada')), expected)
  await until(() => errors.length === 1)
  t.match(errors[0], { message: 'no mail server' })
  node.users.outage = new Error('down')
  for (const username of ['ada', 'unknown']) t.same(visible(await forgot(node, username)), expected)
  await until(() => errors.length === 3)
  t.match(errors[2], { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})

t.test('E10 too many requests for an account: the same bytes, whether it exists', async (t) => {
  const { node } = await start(t, {
    account: { throttle: { requestsPerAccount: 2, requestsPerAddress: 1000 } }
  })
  const limited = async (username: string) => {
    for (let at = 0; at < 2; at += 1) t.equal((await forgot(node, username)).status, 202)
    const answer = await forgot(node, username)
    t.match(answer.headers.get('retry-after'), /^\d+$/)
    const { headers, ...rest } = visible(answer)
    return { ...rest, headers: headers.filter(([name]) => name !== 'retry-after') }
  }
  const expected = await limited('ada')
  t.equal(expected.status, 429)
  for (const username of ['unknown', 'bob', 'none']) t.same(await limited(username), expected, username)
})

t.test(
  'E11 where addresses are verified, a username that is taken gets the bytes and the work of a free one',
  async (t) => {
    const { node, nextMail } = await start(t, { account: { registration: 'verified' } })
    const register = async (username: string, password = PASSWORD) => {
      node.users.calls.length = 0
      const answer = await node.send('POST', '/account/register', {}, { username, password })
      return { ...visible(answer), calls: node.users.calls.filter((name) => name === 'insert') }
    }
    const expected = await register('newcomer')
    t.match(expected, { status: 202, text: '{"message":"Accepted"}', calls: ['insert'] })
    for (const username of ['ada', 'bob', 'none', 'newcomer', 'another newcomer'])
      t.same(await register(username), expected, username)
    t.same(await register('ada', 'short'), await register('nobody', 'short'), 'a rule that is broken')
    const kinds = [await nextMail(), await nextMail(), await nextMail()].map(
      ({ kind, to }) => `${kind} ${to}`
    )
    t.same(kinds, ['username-taken ada', 'username-taken bob', 'username-taken none'])
  }
)

t.test('E11 nor does a sign-in reveal it before the address is confirmed', async (t) => {
  const { node, nextMail, pending } = await start(t, { account: { registration: 'verified' } })
  const findId = async () => (await node.users.store.findByUsernameKey('newcomer'))?.id ?? ''
  node.users.after('insert', async () => pending.set(await findId(), 'newcomer@example.com'))
  const credentials = { username: 'newcomer', password: NEXT_PASSWORD }
  await node.send('POST', '/account/register', {}, credentials)
  await node.send('POST', '/account/register', {}, { username: 'ada', password: NEXT_PASSWORD })
  const signIn = async (username: string) =>
    visible(await node.send('POST', '/token/login', {}, { username, password: NEXT_PASSWORD }))
  const rejected = await signIn('ada')
  t.equal(rejected.status, 401)
  t.same(await signIn('newcomer'), rejected)
  const { to, token } = await nextMail('verification')
  t.equal(to, 'newcomer')
  t.equal((await node.send('POST', '/account/verify', {}, { token })).status, 200)
  t.equal(pending.size, 0)
  t.equal((await signIn('newcomer')).status, 200)
})

t.test('E12 a token that is not good gets the same bytes, whatever is wrong with it', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const { node, nextMail } = await start(t, { clock })
  const reset = async (token: string) =>
    visible(await node.send('POST', '/account/password/reset', {}, { token, newPassword: NEXT_PASSWORD }))
  const request = async (username: string) => (await forgot(node, username), (await nextMail('reset')).token)
  const expected = await reset('drbo_forged')
  t.equal(expected.status, 400)
  const [first, second] = [await request('ada'), await request('ada')]
  t.equal((await reset(first)).status, 200)
  t.same(await reset(first), expected, 'used')
  t.same(await reset(second), expected, 'of an earlier password')
  const ofNone = await request('none')
  const { id = '' } = (await node.users.store.findByUsernameKey('none')) ?? {}
  await node.users.store.setDisabled?.(id, true)
  t.same(await reset(ofNone), expected, 'of a user who is disabled')
  await node.users.store.remove?.(id)
  t.same(await reset(ofNone), expected, 'of a user who is gone')
  const late = await request('ada')
  clock.now += 900_000
  t.same(await reset(late), expected, 'expired')
})

t.test(
  'E05 the list has the own logins only, and a login of another user cannot be told from none',
  async (t) => {
    const { node } = await start(t)
    await node.send('POST', '/account/register', {}, { username: 'eve', password: PASSWORD })
    const [theirs, own] = [await node.signIn('session'), await node.signIn('token', 'eve')]
    const list = async (headers: typeof own) =>
      (await node.send('GET', '/account/logins', headers)).body['logins'] as readonly { id: string }[]
    const [ada, eve] = [await list(theirs), await list(own)]
    t.equal(eve.length, 1)
    t.not(eve[0]?.id, ada[0]?.id)
    const end = async (id: string) => visible(await node.send('DELETE', `/account/logins/${id}`, own))
    const expected = await end('a'.repeat(28))
    t.equal(expected.status, 404)
    for (const id of [ada[0]?.id ?? '', 'nonsense', '%00', `${ada[0]?.id}x`])
      t.same(await end(id), expected, id)
    t.equal(await node.me(theirs), 200)
  }
)
