import { createCredentials, createMemoryUserStore, type UserStore } from '@drawbridge/credentials'
import { createMemoryLoginStore } from '@drawbridge/logins'
import type { CredentialsVerifier } from '@drawbridge/logins/fastify'
import type { LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { interposed } from '../../logins/test/interposed.ts'
import type { TokenAnswer } from '../src/index.ts'
import { makeApp, PASSWORD, START, watch } from './make-app.ts'

const NEXT = 'another phrase of some length'
const CODE = '492039'
const FOREIGN = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

interface Wanted {
  readonly asksForCode?: boolean
  /** What of the credentials the plugin gets. Default: all. */
  readonly shown?: (credentials: ReturnType<typeof createCredentials>) => CredentialsVerifier
}

/** A service whose stores can be made to wait. */
async function setUp({ asksForCode = false, shown = (all) => all }: Wanted = {}) {
  const kept: UserStore = createMemoryUserStore()
  const users = interposed(kept)
  const clock = { now: START }
  const store = interposed(createMemoryLoginStore({ now: () => clock.now }))
  const credentials = createCredentials({
    users: users.store,
    throttle: false,
    // Two at once: one log-in is held while another hashes.
    hashing: { memoryKiB: 1024, passes: 1, concurrency: 2 },
    secondFactor: { isRequired: () => asksForCode, verify: ({ response }) => response === CODE }
  })
  await credentials.register({ username: 'ada', password: PASSWORD })
  const app = await makeApp({
    clock,
    watched: watch(store.store),
    tokens: { credentials: shown(credentials) }
  })
  const userId = (await kept.findByUsernameKey('ada'))?.id ?? ''
  users.calls.length = 0
  const post = (url: string, payload: object) => app.app.inject({ method: 'POST', url, payload })
  return {
    ...app,
    kept,
    users,
    store,
    userId,
    credentials,
    enter: (password = PASSWORD) => post('/token/login', { username: 'ada', password }),
    complete: (pending: string) => post('/token/login/second-factor', { pending, response: CODE }),
    me: async (token: string) => (await app.read(token)).statusCode,
    changePassword: async () => {
      const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: '192.0.2.9' }
      const { ok } = await credentials.changePassword(change)
      if (!ok) throw new Error('the password was not changed')
    },
    endLogins: () => app.logins.revokeUser(userId),
    disable: async () => {
      const stored = await kept.findById(userId)
      kept.findById = async () => stored && { ...stored, disabled: true }
    },
    /** Pending ones too. */
    living: async () => (await store.store.listByUser(userId)).length
  }
}

const tokenOf = (answer: LightMyRequestResponse) => answer.json<TokenAnswer>().token

function isRefused(t: Test, answer: LightMyRequestResponse, what = 'the log-in'): void {
  t.equal(answer.statusCode, 401, what)
  t.equal(
    answer.body,
    '{"statusCode":401,"code":"DRAWBRIDGE_INVALID_CREDENTIALS","error":"Unauthorized","message":"Invalid credentials"}',
    `${what}: one body`
  )
}

t.test('a log-in in flight does not survive a change of password (S03)', async (t) => {
  t.test('both fall between the compare and the record', async (t) => {
    const { store, enter, changePassword, endLogins, living } = await setUp()
    store.before('insert', async () => (await changePassword(), await endLogins()))
    isRefused(t, await enter())
    t.equal(await living(), 0)
    t.equal((await enter(NEXT)).statusCode, 200, 'the new password lets in')
  })

  t.test('the record falls between the two', async (t) => {
    const { store, enter, changePassword, endLogins, living } = await setUp()
    store.before('insert', changePassword)
    store.after('insert', endLogins)
    isRefused(t, await enter())
    t.equal(await living(), 0)
  })

  t.test('the change is so late that nobody ends the other logins before the answer', async (t) => {
    const { users, enter, changePassword, endLogins, living, me } = await setUp()
    let token = ''
    users.after('findById', async () => (await changePassword(), await endLogins()))
    const answer = await enter()
    if (answer.statusCode === 200) token = tokenOf(answer)
    t.equal(answer.statusCode, 200, 'what was proven held when it was asked')
    t.equal(await living(), 0, 'and what came of it is ended like any other')
    t.equal(await me(token), 401)
  })
})

t.test('a log-in in flight does not survive that the user is disabled', async (t) => {
  const { store, enter, disable, endLogins, living } = await setUp()
  store.before('insert', async () => (await disable(), await endLogins()))
  isRefused(t, await enter())
  t.equal(await living(), 0)
})

t.test('a log-in in flight does not survive that the user is removed', async (t) => {
  const { kept, store, enter, endLogins, living } = await setUp()
  store.before('insert', async () => {
    kept.findById = async () => null
    await endLogins()
  })
  isRefused(t, await enter())
  t.equal(await living(), 0)
})

t.test('a log-in with which nothing interferes reads the user once more, and no more', async (t) => {
  const { users, store, enter, me } = await setUp()
  const answer = await enter()
  t.equal(answer.statusCode, 200)
  t.equal(await me(tokenOf(answer)), 200)
  t.strictSame(users.calls, ['findByUsernameKey', 'findById'])
  t.strictSame(
    store.calls.filter((verb) => verb === 'remove'),
    []
  )
})

t.test('of two first log-ins at once by a foreign hash neither is refused', async (t) => {
  const { kept, users, userId, enter, me, living } = await setUp()
  const stored = await kept.findById(userId)
  t.ok(await kept.replacePasswordHash(userId, stored!.passwordHash, FOREIGN))
  const answers: LightMyRequestResponse[] = []
  users.before('replacePasswordHash', async () => {
    answers.push(await enter('pass'))
  })
  answers.push(await enter('pass'))
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    [200, 200]
  )
  for (const answer of answers) t.equal(await me(tokenOf(answer)), 200)
  t.equal(await living(), 2)
})

t.test('a log-in of two factors in flight does not survive a change of password either', async (t) => {
  t.test('that falls between the password and the pending login', async (t) => {
    const { store, enter, changePassword, endLogins, living } = await setUp({ asksForCode: true })
    store.before('insert', async () => (await changePassword(), await endLogins()))
    isRefused(t, await enter())
    t.equal(await living(), 0)
  })

  t.test('that falls between the end of the pending login and the record', async (t) => {
    const { store, enter, complete, changePassword, endLogins, living } = await setUp({ asksForCode: true })
    const { pending } = (await enter()).json<{ pending: string }>()
    store.before('insert', async () => (await changePassword(), await endLogins()))
    isRefused(t, await complete(pending))
    t.equal(await living(), 0)
  })

  t.test('after which nobody has ended the pending login yet', async (t) => {
    const { enter, complete, changePassword, living } = await setUp({ asksForCode: true })
    const { pending } = (await enter()).json<{ pending: string }>()
    await changePassword()
    isRefused(t, await complete(pending))
    t.equal(await living(), 0)
  })

  t.test('and without one it is as ever', async (t) => {
    const { enter, complete, me, living } = await setUp({ asksForCode: true })
    const { pending } = (await enter()).json<{ pending: string }>()
    const answer = await complete(pending)
    t.equal(answer.statusCode, 200)
    t.equal(await me(tokenOf(answer)), 200)
    t.equal(await living(), 1)
  })
})

t.test('where it cannot be asked whether the credentials still hold, nobody is logged in', async (t) => {
  const down = () => Promise.reject(new Error('the store of users is down'))
  for (const asksForCode of [false, true]) {
    const { users, enter, living } = await setUp({ asksForCode })
    users.before('findById', down)
    const answer = await enter()
    t.equal(answer.statusCode, 503)
    t.match(answer.headers['retry-after'], /^\d+$/)
    t.notOk('token' in answer.json())
    t.equal(await living(), 0)
  }
  await t.test('and where the login cannot be taken back, nobody has its tokens', async (t) => {
    const { users, store, enter } = await setUp()
    users.before('findById', down)
    store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
    const answer = await enter()
    t.equal(answer.statusCode, 503)
    t.match(answer.json(), { code: 'DRAWBRIDGE_UNAVAILABLE' })
    t.notOk('token' in answer.json())
  })
})

t.test('a login that cannot be taken back is a 503, and no token', async (t) => {
  const { store, enter, changePassword } = await setUp()
  store.before('insert', changePassword)
  store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
  const answer = await enter()
  t.equal(answer.statusCode, 503)
  t.notOk('token' in answer.json())
})

t.test('credentials of which it cannot be asked are taken at their word', async (t) => {
  const { users, store, enter, changePassword } = await setUp({ shown: ({ verify }) => ({ verify }) })
  store.before('insert', changePassword)
  t.equal((await enter()).statusCode, 200)
  t.notOk(users.calls.slice(-1).includes('findById'))
  const bare = await setUp({
    shown: ({ verify, stillHolds }) => ({
      stillHolds,
      verify: async (attempt) => {
        const outcome = await verify(attempt)
        return outcome.ok ? { ok: true, user: outcome.user } : outcome
      }
    })
  })
  bare.store.before('insert', bare.changePassword)
  t.equal((await bare.enter()).statusCode, 200, 'and so are those that give no proof')
})

t.test('a service that proves users by itself has the proof looked at where it hands it over', async (t) => {
  for (const handsOver of [true, false]) {
    const app = await setUpRoute(handsOver)
    const answer = await app.inject({ method: 'POST', url: '/enter' })
    t.equal(answer.statusCode, handsOver ? 401 : 200)
    t.equal('token' in answer.json(), !handsOver)
  }
})

/** A log-in route of the service's own, during which the password changes. */
async function setUpRoute(handsOver: boolean) {
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  await credentials.register({ username: 'ada', password: PASSWORD })
  const { app } = await makeApp({ tokens: { credentials } })
  app.post('/enter', async (request) => {
    const attempt = { username: 'ada', password: PASSWORD, address: request.ip }
    const outcome = await credentials.verify(attempt)
    if (!outcome.ok) throw new Error(outcome.reason)
    const { user, proof } = outcome
    const change = { userId: user.id, currentPassword: PASSWORD, newPassword: NEXT, address: request.ip }
    await credentials.changePassword(change)
    return app.tokenAuth.issueTokens(request, handsOver ? { ...user, proof } : user)
  })
  return app
}
