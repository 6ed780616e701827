import { spawnSync } from 'node:child_process'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { fileURLToPath } from 'node:url'
import { hashSync } from '@node-rs/argon2'
import t, { type Test } from 'tap'
import { changePassword } from '../src/change-password.ts'
import { publish } from '../src/credentials-channel.ts'
import {
  createCredentials,
  createMemoryUserStore,
  type CredentialsEvent,
  credentialsChannel
} from '../src/index.ts'
import { HashingQueue } from '../src/passwords/hashing-queue.ts'
import { register } from '../src/register.ts'
import { verify } from '../src/verify.ts'
import { CHEAP, type Counted, countedParts, PASSWORD } from './counted-parts.ts'
import { eventsOf } from './events-of.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'

interface Kim extends Counted {
  readonly userId: string
  readonly events: CredentialsEvent[]
  logIn(password?: string, address?: string): ReturnType<typeof verify>
  change(currentPassword?: string, newPassword?: string): ReturnType<typeof changePassword>
}

/** A registered user, and what the channel says from then on. */
async function withKim(t: Test): Promise<Kim> {
  const counted = countedParts()
  const { parts } = counted
  const registered = await register(parts, { username: 'Kim', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const { id: userId } = registered.user
  return {
    ...counted,
    userId,
    events: eventsOf(t),
    logIn: (password = PASSWORD, address = ADDRESS) => verify(parts, { username: 'kim', password, address }),
    change: (currentPassword = PASSWORD, newPassword = NEXT) =>
      changePassword(parts, { userId, currentPassword, newPassword, address: ADDRESS })
  }
}

t.test('registered: there is a new user', async (t) => {
  const { parts } = countedParts()
  const events = eventsOf(t)
  const outcome = await register(parts, { username: 'kim', password: PASSWORD })
  if (!outcome.ok) return t.fail(outcome.reason)
  t.strictSame(events, [{ type: 'registered', userId: outcome.user.id }])
  await register(parts, { username: 'KIM', password: PASSWORD })
  await register(parts, { username: 'lee', password: 'short' })
  await register(parts, { username: ' ', password: PASSWORD })
  t.equal(events.length, 1, 'not of a name that is taken, nor of what is refused')
})

t.test('accepted: a log-in holds', async (t) => {
  const { events, logIn, userId } = await withKim(t)
  await logIn()
  t.strictSame(events, [{ type: 'accepted', userId, address: ADDRESS }])
})

t.test('rejected: a log-in does not hold, with why, and how many have not', async (t) => {
  const { events, logIn, parts, userId } = await withKim(t)
  await parts.users.insert({ username: 'off', usernameKey: 'off', passwordHash: '', disabled: true })
  await parts.users.insert({ username: 'odd', usernameKey: 'odd', passwordHash: '!', disabled: false })
  await logIn('wrong')
  await logIn('wrong', '192.0.2.2')
  for (const username of ['nobody', 'off', 'odd']) {
    await verify(parts, { username, password: PASSWORD, address: ADDRESS })
  }
  const idOf = async (key: string) => (await parts.users.findByUsernameKey(key))?.id
  const rejected = { type: 'rejected', during: 'log-in', address: ADDRESS, failures: 1 }
  t.same(events, [
    { ...rejected, detail: 'wrong-password', userId },
    { ...rejected, detail: 'wrong-password', userId, address: '192.0.2.2', failures: 2 },
    { ...rejected, detail: 'unknown', userId: null },
    { ...rejected, detail: 'disabled', userId: await idOf('off') },
    { ...rejected, detail: 'unusable-hash', userId: await idOf('odd') }
  ])
})

t.test('rejected: so is a wrong current password at a change', async (t) => {
  const { events, change, parts, userId } = await withKim(t)
  await change('wrong')
  const gone = { userId: 'gone', currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  await changePassword(parts, gone)
  const rejected = { type: 'rejected', during: 'password-change', address: ADDRESS, failures: 1 }
  t.same(events, [
    { ...rejected, detail: 'wrong-password', userId },
    { ...rejected, detail: 'unknown', userId: null }
  ])
})

t.test('throttled: by which limit, and nobody is looked up for it', async (t) => {
  const { events, logIn, change, parts, userId } = await withKim(t)
  for (let at = 0; at < 5; at += 1) await logIn('wrong')
  const last = async () => {
    events.length = 0
    await logIn()
    return events
  }
  const throttled = {
    type: 'throttled',
    during: 'log-in',
    userId: null,
    address: ADDRESS,
    retryAfterSeconds: 900
  }
  t.strictSame(await last(), [{ ...throttled, by: 'account' }])
  for (let at = 0; at < 45; at += 1) await logIn('wrong', `198.51.100.${at % 9}`)
  t.strictSame(await last(), [{ ...throttled, by: 'account' }])
  await logIn('wrong', '203.0.113.1')
  events.length = 0
  await logIn('wrong', '203.0.113.1')
  t.strictSame(events, [{ ...throttled, by: 'attack', address: '203.0.113.1' }])
  for (let at = 0; at < 95; at += 1)
    await verify(parts, { username: `user ${at}`, password: 'x', address: ADDRESS })
  t.strictSame(await last(), [{ ...throttled, by: 'address' }])
  events.length = 0
  await change()
  t.strictSame(events, [{ ...throttled, by: 'address', during: 'password-change', userId }])
})

t.test('suspicious-log-in: one that holds after failures from elsewhere', async (t) => {
  const { events, logIn, userId } = await withKim(t)
  for (let at = 0; at < 4; at += 1) await logIn('wrong')
  await logIn()
  t.strictSame(
    events.at(-1),
    { type: 'accepted', userId, address: ADDRESS },
    'not after typing errors of their own'
  )
  for (let at = 0; at < 5; at += 1) await logIn('wrong', '198.51.100.1')
  await logIn()
  t.strictSame(events.slice(-2), [
    { type: 'accepted', userId, address: ADDRESS },
    { type: 'suspicious-log-in', userId, address: ADDRESS, failures: 5 }
  ])
  await logIn()
  t.strictSame(
    events.slice(-2).map(({ type }) => type),
    ['suspicious-log-in', 'accepted'],
    'told once'
  )
})

t.test('password-changed: once, when the store has it', async (t) => {
  const { events, change, userId, parts } = await withKim(t)
  await change(PASSWORD, 'short')
  t.strictSame(events, [])
  await change()
  t.strictSame(events, [{ type: 'password-changed', userId, address: ADDRESS }])
  parts.users.replacePasswordHash = () => Promise.reject(new Error('down'))
  await t.rejects(change(NEXT, PASSWORD))
  t.equal(events.length, 1)
})

t.test('password-rehashed: of many log-ins at the same moment, by the one that did', async (t) => {
  const { parts } = countedParts()
  const passwordHash = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })
  const user = await parts.users.insert({
    username: 'kim',
    usernameKey: 'kim',
    passwordHash,
    disabled: false
  })
  const events = eventsOf(t)
  const logIns = [1, 2, 3, 4].map((at) =>
    verify(parts, { username: 'kim', password: PASSWORD, address: `192.0.2.${at}` })
  )
  await Promise.all(logIns)
  const rehashed = events.filter(({ type }) => type === 'password-rehashed')
  t.strictSame(rehashed, [{ type: 'password-rehashed', userId: user?.id }])
  t.equal(events.length, 5)
})

t.test('S18: who has a password that bcrypt cannot read whole is told from a guesser', async (t) => {
  const { parts } = countedParts()
  // bcrypt 5.0.0 and glibc libcrypt take the first 72 bytes of this one.
  const whole = `${'0123456789'.repeat(7)}ab`
  const passwordHash = '$2b$04$abcdefghijklmnopqrstuuMtJwfagkGaCKZ.IMpPJzYjhgL/xnp2C'
  const user = await parts.users.insert({
    username: 'kim',
    usernameKey: 'kim',
    passwordHash,
    disabled: false
  })
  const events = eventsOf(t)
  const tried = [`${whole} and more`, `x${whole} and more`, 'a guess']
  for (const password of tried) await verify(parts, { username: 'kim', password, address: ADDRESS })
  const rejectedEvent = { type: 'rejected', during: 'log-in', userId: user?.id, address: ADDRESS }
  t.match(events, [
    { ...rejectedEvent, detail: 'not-read-whole' },
    { ...rejectedEvent, detail: 'wrong-password' },
    { ...rejectedEvent, detail: 'wrong-password' }
  ])
  t.equal((await parts.users.findByUsernameKey('kim'))?.passwordHash, passwordHash, 'and is not replaced')
})

t.test('what was not tried, and what cannot be a credential, is no event', async (t) => {
  const { parts, events, logIn } = await withKim(t)
  await verify(parts, { username: 'kim', password: '\uD800', address: ADDRESS })
  await verify(
    { ...parts, queue: new HashingQueue(0, 0) },
    { username: 'kim', password: PASSWORD, address: ADDRESS }
  )
  parts.users.findByUsernameKey = () => Promise.reject(new Error('down'))
  await t.rejects(logIn())
  t.strictSame(events, [])
})

t.test('no event holds a password, a hash, or what was typed as a name', async (t) => {
  const { parts, change, events, logIn } = await withKim(t)
  const typed = 'hunter2 typed in the wrong field'
  await verify(parts, { username: typed, password: 'wrong guess', address: ADDRESS })
  await logIn('wrong guess')
  await logIn()
  await change('wrong guess')
  await change()
  for (let at = 0; at < 6; at += 1) await logIn('wrong guess', '198.51.100.1')
  await logIn(NEXT)
  const told = JSON.stringify(events)
  t.strictSame(
    new Set(events.map(({ type }) => type)),
    new Set(['rejected', 'accepted', 'password-changed', 'throttled', 'suspicious-log-in'])
  )
  for (const secret of [typed, 'wrong guess', PASSWORD, NEXT, 'argon2', 'Kim', 'kim'])
    t.notMatch(told, secret)
  t.ok(
    events.every((event) => Object.isFrozen(event)),
    'and none can be written to'
  )
})

t.test('without a subscriber nothing is published, and no message is made', async (t) => {
  publish(() => t.fail('made') as never)
  t.equal(credentialsChannel, channel('drawbridge:credentials'))
  const told: unknown[] = []
  const listen = (message: unknown) => told.push(message)
  const { logIn } = await withKim(t)
  subscribe('drawbridge:credentials', listen)
  await logIn()
  t.equal(told.length, 1)
  unsubscribe('drawbridge:credentials', listen)
  await logIn()
  t.equal(told.length, 1)
})

t.test('a subscriber that throws changes no outcome, and Node raises what it threw', async (t) => {
  const script = fileURLToPath(new URL('./throwing-subscriber.ts', import.meta.url))
  const run = (mode: string) =>
    spawnSync(process.execPath, ['--import', 'tsx', script, mode], { encoding: 'utf8', timeout: 60_000 })
  const handled = run('handled')
  t.strictSame(handled.stdout.trim().split('\n').toSorted(), [
    'the other hears accepted',
    'uncaught: broken',
    'verified: true'
  ])
  t.equal(handled.status, 0)
  const unhandled = run('unhandled')
  t.not(unhandled.status, 0)
  t.match(unhandled.stderr, /Error: broken/)
})

t.test('second-factor-needed: the password is right, and accepted only when the rest is', async (t) => {
  const users = createMemoryUserStore()
  const credentials = createCredentials({
    users,
    hashing: CHEAP,
    secondFactor: { isRequired: () => true, verify: ({ response }) => response === 'right' }
  })
  const registered = await credentials.register({ username: 'kim', password: PASSWORD })
  if (!registered.ok) return t.fail(registered.reason)
  const { id: userId } = registered.user
  const events = eventsOf(t)
  const kim = { userId, address: ADDRESS }
  await credentials.verify({ username: 'kim', password: 'wrong', address: ADDRESS })
  events.length = 0
  await credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS })
  t.strictSame(events.splice(0), [{ type: 'second-factor-needed', ...kim, failures: 2 }])
  await credentials.verifySecondFactor?.({ ...kim, response: 'wrong' })
  t.strictSame(events.splice(0), [
    { type: 'rejected', detail: 'wrong-second-factor', during: 'second-factor', ...kim, failures: 1 }
  ])
  await credentials.verifySecondFactor?.({ ...kim, response: 'right' })
  t.strictSame(events.splice(0), [{ type: 'accepted', ...kim }])
})
