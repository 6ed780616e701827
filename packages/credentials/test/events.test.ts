import { spawnSync } from 'node:child_process'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { fileURLToPath } from 'node:url'
import { hashSync } from '@node-rs/argon2'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t, { type Test } from 'tap'
import { changePassword } from '../src/operations/change-password.ts'
import { publish } from '../src/events.ts'
import {
  createCredentials,
  createMemoryUserStore,
  type CredentialsEvent,
  credentialsChannel
} from '../src/index.ts'
import { HashingQueue } from '../src/passwords/hashing-queue.ts'
import { register } from '../src/operations/register.ts'
import { setPassword } from '../src/operations/set-password.ts'
import { verify } from '../src/operations/verify.ts'
import {
  CHEAP_COST,
  type TestDependencies,
  createTestDependencies,
  PASSWORD
} from './create-test-dependencies.ts'
import { recordEvents } from './record-events.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'
/** Where the caller says nothing. */
const BY_SERVICE = { by: 'service', reason: null, address: undefined } as const

interface Kim extends TestDependencies {
  readonly userId: string
  readonly events: CredentialsEvent[]
  signIn(password?: string, address?: string): ReturnType<typeof verify>
  change(currentPassword?: string, newPassword?: string): ReturnType<typeof changePassword>
}

/** A registered user, and the events from then on. */
async function withKim(t: Test): Promise<Kim> {
  const context = createTestDependencies()
  const { deps } = context
  const registered = await register(deps, { username: 'Kim', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const { id: userId } = registered.user
  return {
    ...context,
    userId,
    events: recordEvents(t),
    signIn: (password = PASSWORD, address = ADDRESS) => verify(deps, { username: 'kim', password, address }),
    change: (currentPassword = PASSWORD, newPassword = NEXT) =>
      changePassword(deps, { userId, currentPassword, newPassword, address: ADDRESS })
  }
}

t.test('user-registered: a user was registered', async (t) => {
  const { deps } = createTestDependencies()
  const events = recordEvents(t)
  const cause = { by: 'user', reason: 'sign-up', address: ADDRESS } as const
  const outcome = await register(deps, { username: 'kim', password: PASSWORD, ...cause })
  if (!outcome.ok) return t.fail(outcome.reason)
  t.strictSame(events, [{ type: 'user-registered', userId: outcome.user.id, ...cause }])
  await register(deps, { username: 'KIM', password: PASSWORD })
  await register(deps, { username: 'lee', password: 'short' })
  await register(deps, { username: ' ', password: PASSWORD })
  t.equal(events.length, 1, 'not for a name that is taken or rejected')
})

t.test('sign-in-succeeded: the credentials are valid', async (t) => {
  const { events, signIn, userId } = await withKim(t)
  await signIn()
  t.strictSame(events, [{ type: 'sign-in-succeeded', userId, address: ADDRESS }])
})

t.test('invalid-credentials: a sign-in failed, with the reason and the number of failures', async (t) => {
  const { events, signIn, deps, userId } = await withKim(t)
  await deps.users.insert({ username: 'off', usernameKey: 'off', passwordHash: '', disabled: true })
  await deps.users.insert({ username: 'odd', usernameKey: 'odd', passwordHash: '!', disabled: false })
  await signIn('wrong')
  await signIn('wrong', '192.0.2.2')
  for (const username of ['nobody', 'off', 'odd']) {
    await verify(deps, { username, password: PASSWORD, address: ADDRESS })
  }
  const findId = async (key: string) => (await deps.users.findByUsernameKey(key))?.id
  const rejected = { type: 'invalid-credentials', operation: 'sign-in', address: ADDRESS, failures: 1 }
  t.same(events, [
    { ...rejected, detail: 'wrong-password', userId },
    { ...rejected, detail: 'wrong-password', userId, address: '192.0.2.2', failures: 2 },
    { ...rejected, detail: 'unknown', userId: null },
    { ...rejected, detail: 'disabled', userId: await findId('off') },
    { ...rejected, detail: 'unusable-hash', userId: await findId('odd') }
  ])
})

t.test('invalid-credentials: also a wrong current password at a change', async (t) => {
  const { events, change, deps, userId } = await withKim(t)
  await change('wrong')
  const gone = { userId: 'gone', currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  await changePassword(deps, gone)
  const rejected = {
    type: 'invalid-credentials',
    operation: 'password-change',
    address: ADDRESS,
    failures: 1
  }
  t.same(events, [
    { ...rejected, detail: 'wrong-password', userId },
    { ...rejected, detail: 'unknown', userId: null }
  ])
})

t.test('throttled: with the limit, and no user is looked up', async (t) => {
  const { events, signIn, change, deps, userId } = await withKim(t)
  for (let at = 0; at < 5; at += 1) await signIn('wrong')
  const last = async () => {
    events.length = 0
    await signIn()
    return events
  }
  const throttled = {
    type: 'throttled',
    operation: 'sign-in',
    userId: null,
    address: ADDRESS,
    retryAfterSeconds: 900
  }
  t.strictSame(await last(), [{ ...throttled, limit: 'account' }])
  for (let at = 0; at < 45; at += 1) await signIn('wrong', `198.51.100.${at % 9}`)
  t.strictSame(await last(), [{ ...throttled, limit: 'account' }])
  await signIn('wrong', '203.0.113.1')
  events.length = 0
  await signIn('wrong', '203.0.113.1')
  t.strictSame(events, [{ ...throttled, limit: 'attack', address: '203.0.113.1' }])
  for (let at = 0; at < 95; at += 1)
    await verify(deps, { username: `user ${at}`, password: 'x', address: ADDRESS })
  t.strictSame(await last(), [{ ...throttled, limit: 'address' }])
  events.length = 0
  await change()
  t.strictSame(events, [{ ...throttled, limit: 'address', operation: 'password-change', userId }])
})

t.test('suspicious-sign-in: a success after failures from another address', async (t) => {
  const { events, signIn, userId } = await withKim(t)
  for (let at = 0; at < 4; at += 1) await signIn('wrong')
  await signIn()
  t.strictSame(
    events.at(-1),
    { type: 'sign-in-succeeded', userId, address: ADDRESS },
    'not after errors from the same address'
  )
  for (let at = 0; at < 5; at += 1) await signIn('wrong', '198.51.100.1')
  await signIn()
  t.strictSame(events.slice(-2), [
    { type: 'sign-in-succeeded', userId, address: ADDRESS },
    { type: 'suspicious-sign-in', userId, address: ADDRESS, failures: 5 }
  ])
  await signIn()
  t.strictSame(
    events.slice(-2).map(({ type }) => type),
    ['suspicious-sign-in', 'sign-in-succeeded'],
    'published once'
  )
})

t.test('password-changed: once, when the new hash is stored', async (t) => {
  const { events, change, userId, deps } = await withKim(t)
  await change(PASSWORD, 'short')
  t.strictSame(events, [])
  await change()
  t.strictSame(events, [{ type: 'password-changed', userId, address: ADDRESS }])
  deps.users.replacePasswordHash = () => Promise.reject(new Error('down'))
  await t.rejects(change(NEXT, PASSWORD))
  t.equal(events.length, 1)
})

t.test('password-set: once, when the new hash is stored', async (t) => {
  const { events, userId, deps } = await withKim(t)
  const set = (newPassword: string, id = userId) => setPassword(deps, { userId: id, newPassword })
  await set('short')
  await set(NEXT, 'nobody')
  t.strictSame(events, [])
  await set(NEXT)
  t.strictSame(events, [{ type: 'password-set', userId, ...BY_SERVICE }])
  deps.users.replacePasswordHash = () => Promise.reject(new Error('down'))
  await t.rejects(set(PASSWORD))
  t.equal(events.length, 1)
})

t.test('user-disabled, -enabled, -renamed and -removed: once the store has done it', async (t) => {
  const credentials = createCredentials({ users: createMemoryUserStore(), hashing: CHEAP_COST })
  const kim = await credentials.register({ username: 'kim', password: PASSWORD })
  await credentials.register({ username: 'lee', password: PASSWORD })
  const userId = kim.ok ? kim.user.id : ''
  const events = recordEvents(t)
  const unknown = { userId: 'nobody' }
  await credentials.disable?.(unknown)
  await credentials.enable?.(unknown)
  await credentials.remove?.(unknown)
  for (const change of [
    { ...unknown, newUsername: 'sam' },
    { userId, newUsername: 'LEE' },
    { userId, newUsername: '' }
  ])
    await credentials.rename?.(change)
  t.strictSame(events, [], 'not for an unknown user or a name that is taken or malformed')
  const cause = { by: 'admin', reason: 'ticket 12', address: ADDRESS } as const
  await credentials.disable?.({ userId, ...cause })
  await credentials.enable?.({ userId })
  await credentials.rename?.({ userId, newUsername: 'sam' })
  await credentials.remove?.({ userId })
  t.strictSame(events, [
    { type: 'user-disabled', userId, ...cause },
    { type: 'user-enabled', userId, ...BY_SERVICE },
    { type: 'user-renamed', userId, ...BY_SERVICE },
    { type: 'user-removed', userId, ...BY_SERVICE }
  ])
})

t.test(
  'password-rehashed: of many sign-ins at the same moment, only by the one that replaced the hash',
  async (t) => {
    const { deps } = createTestDependencies()
    const passwordHash = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })
    const user = await deps.users.insert({
      username: 'kim',
      usernameKey: 'kim',
      passwordHash,
      disabled: false
    })
    const events = recordEvents(t)
    const signIns = [1, 2, 3, 4].map((at) =>
      verify(deps, { username: 'kim', password: PASSWORD, address: `192.0.2.${at}` })
    )
    await Promise.all(signIns)
    const rehashed = events.filter(({ type }) => type === 'password-rehashed')
    t.strictSame(rehashed, [{ type: 'password-rehashed', userId: user?.id }])
    t.equal(events.length, 5)
  }
)

t.test('S18: a password that bcrypt truncates is distinguished from a guess', async (t) => {
  const { deps } = createTestDependencies()
  // bcrypt 5.0.0 and glibc libcrypt take the first 72 bytes of this one.
  const whole = `${'0123456789'.repeat(7)}ab`
  const passwordHash = '$2b$04$abcdefghijklmnopqrstuuMtJwfagkGaCKZ.IMpPJzYjhgL/xnp2C'
  const user = await deps.users.insert({
    username: 'kim',
    usernameKey: 'kim',
    passwordHash,
    disabled: false
  })
  const events = recordEvents(t)
  const tried = [`${whole} and more`, `x${whole} and more`, 'a guess']
  for (const password of tried) await verify(deps, { username: 'kim', password, address: ADDRESS })
  const rejectedEvent = {
    type: 'invalid-credentials',
    operation: 'sign-in',
    userId: user?.id,
    address: ADDRESS
  }
  t.match(events, [
    { ...rejectedEvent, detail: 'password-truncated' },
    { ...rejectedEvent, detail: 'wrong-password' },
    { ...rejectedEvent, detail: 'wrong-password' }
  ])
  t.equal((await deps.users.findByUsernameKey('kim'))?.passwordHash, passwordHash, 'is not replaced')
})

t.test('an attempt that was not made, or is malformed, is no event', async (t) => {
  const { deps, events, signIn } = await withKim(t)
  await verify(deps, { username: 'kim', password: '\uD800', address: ADDRESS })
  await verify(
    { ...deps, hashingQueue: new HashingQueue(0, 0) },
    { username: 'kim', password: PASSWORD, address: ADDRESS }
  )
  deps.users.findByUsernameKey = () => Promise.reject(new Error('down'))
  await t.rejects(signIn())
  t.strictSame(events, [])
})

t.test('no event contains a password, a hash or the text entered as a name', async (t) => {
  const { deps, change, events, signIn, userId } = await withKim(t)
  const typed = 'hunter2 typed in the wrong field'
  await verify(deps, { username: typed, password: 'wrong guess', address: ADDRESS })
  await signIn('wrong guess')
  await signIn()
  await change('wrong guess')
  await change()
  for (let at = 0; at < 6; at += 1) await signIn('wrong guess', '198.51.100.1')
  await signIn(NEXT)
  await setPassword(deps, { userId, newPassword: `${NEXT} 2` })
  const published = JSON.stringify(events)
  t.strictSame(
    new Set(events.map(({ type }) => type)),
    new Set([
      'invalid-credentials',
      'sign-in-succeeded',
      'password-changed',
      'password-set',
      'throttled',
      'suspicious-sign-in'
    ])
  )
  for (const secret of [typed, 'wrong guess', PASSWORD, NEXT, 'argon2', 'Kim', 'kim'])
    t.notMatch(published, secret)
  t.ok(
    events.every((event) => Object.isFrozen(event)),
    'all are frozen'
  )
})

t.test('without a subscriber nothing is published, and no event is created', async (t) => {
  publish(() => t.fail('created') as never)
  t.equal(credentialsChannel, channel('drawbridge:credentials'))
  const published: unknown[] = []
  const listen = (message: unknown) => published.push(message)
  const { signIn } = await withKim(t)
  subscribe('drawbridge:credentials', listen)
  await signIn()
  t.equal(published.length, 1)
  unsubscribe('drawbridge:credentials', listen)
  await signIn()
  t.equal(published.length, 1)
})

t.test('a subscriber that throws changes no outcome, and its error is an uncaught exception', async (t) => {
  const script = ownScript(fileURLToPath(new URL('./throwing-subscriber.ts', import.meta.url)))
  const run = (mode: string) =>
    spawnSync(process.execPath, [...loaderArgs, script, mode], { encoding: 'utf8', timeout: 60_000 })
  const handled = run('handled')
  t.strictSame(handled.stdout.trim().split('\n').toSorted(), [
    'the other subscriber received sign-in-succeeded',
    'uncaught: broken',
    'verified: true'
  ])
  t.equal(handled.status, 0)
  const unhandled = run('unhandled')
  t.not(unhandled.status, 0)
  t.match(unhandled.stderr, /Error: broken/)
})

t.test(
  'second-factor-required: the password is correct, and sign-in-succeeded follows only after the second factor',
  async (t) => {
    const users = createMemoryUserStore()
    const credentials = createCredentials({
      users,
      hashing: CHEAP_COST,
      secondFactor: { isRequired: () => true, verify: ({ response }) => response === 'right' }
    })
    const registered = await credentials.register({ username: 'kim', password: PASSWORD })
    if (!registered.ok) return t.fail(registered.reason)
    const { id: userId } = registered.user
    const events = recordEvents(t)
    const kim = { userId, address: ADDRESS }
    await credentials.verify({ username: 'kim', password: 'wrong', address: ADDRESS })
    events.length = 0
    await credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS })
    t.strictSame(events.splice(0), [{ type: 'second-factor-required', ...kim, failures: 2 }])
    await credentials.verifySecondFactor?.({ ...kim, response: 'wrong' })
    t.strictSame(events.splice(0), [
      {
        type: 'invalid-credentials',
        detail: 'wrong-second-factor',
        operation: 'second-factor',
        ...kim,
        failures: 1
      }
    ])
    await credentials.verifySecondFactor?.({ ...kim, response: 'right' })
    t.strictSame(events.splice(0), [{ type: 'sign-in-succeeded', ...kim }])
  }
)
