import { createCredentials } from '@drawbridge/credentials'
import t from 'tap'
import { createOneTimeTokens } from '../../src/index.ts'
import { NEXT_PASSWORD, type Node, SECRET, type Service, startService } from '../start-service.ts'

const INVALID = { statusCode: 400, code: 'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN' }
const WEEK = 7 * 86_400_000

async function resetBy(node: Node, token: unknown) {
  return (await node.send('POST', '/account/password/reset', {}, { token, newPassword: NEXT_PASSWORD })).body
}

async function requestReset({ nodes, nextMail }: Service): Promise<string> {
  await nodes[0].send('POST', '/account/password/forgot', {}, { username: 'ada' })
  return (await nextMail('reset')).token
}

/** What somebody who knows how it is done would make. */
function forge(secret: string, userId: string, state: string, purpose = 'password-reset'): string {
  return createOneTimeTokens({ purpose, secret, findState: () => state }).create({ userId, state })
}

t.test('A04 a mail box of last week gives nothing', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const service = await startService(t, 'memory', { clock })
  const [node] = service.nodes
  const token = await requestReset(service)
  clock.now += 899_999
  const fresh = await requestReset(service)
  clock.now += 1
  t.match(await resetBy(node, token), INVALID)
  clock.now += WEEK
  t.match(await resetBy(node, fresh), INVALID)
  t.match(await resetBy(node, await requestReset(service)), { message: 'Password changed' }, 'control')
})

t.test('A05 a dump of the users without the root secret gives nothing', async (t) => {
  const [node] = (await startService(t)).nodes
  const user = await node.users.store.findByUsernameKey('ada')
  const stamp = await stampOf(node)
  const secret = 'another root secret, 9876543210 abc'
  for (const state of [stamp, user?.passwordHash ?? ''])
    t.match(await resetBy(node, forge(secret, user?.id ?? '', state)), INVALID)
  t.match(
    await resetBy(node, forge(SECRET, user?.id ?? '', stamp)),
    { message: 'Password changed' },
    'control'
  )
})

t.test('A06 a root secret without a dump of the users resets no password', async (t) => {
  const [node] = (await startService(t)).nodes
  const { id = '' } = (await node.users.store.findByUsernameKey('ada')) ?? {}
  for (const state of ['', 'a guess', id, 'A'.repeat(22)])
    t.match(await resetBy(node, forge(SECRET, id, state)), INVALID)
})

t.test(
  'A03 a token for something else, of another service or changed by a character is worthless',
  async (t) => {
    const service = await startService(t)
    const [node] = service.nodes
    const token = await requestReset(service)
    const { id = '' } = (await node.users.store.findByUsernameKey('ada')) ?? {}
    const stamp = await stampOf(node)
    t.match(await resetBy(node, forge(SECRET, id, stamp, 'verification')), INVALID)
    t.match(await resetBy(node, `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`), INVALID)
    t.match(await resetBy(node, token.toUpperCase()), INVALID)
    service.pending.set(id, 'ada@example.com')
    t.match(await resetBy(node, await node.app.account.createVerification(id)), INVALID)
    t.match((await node.send('POST', '/account/verify', {}, { token })).body, INVALID)
    t.match(await resetBy(node, token), { message: 'Password changed' }, 'control')
  }
)

/** As `credentials.stampOf` of the service gives it, from a reader of its database. */
async function stampOf(node: Node): Promise<string> {
  const credentials = createCredentials({ users: node.users.store })
  return (await credentials.stampOf({ username: 'ada' }))?.passwordStamp ?? ''
}
