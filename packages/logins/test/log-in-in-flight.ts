import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import {
  createCredentials,
  createMemoryUserStore,
  type Credentials,
  type UserStore
} from '../../credentials/src/index.ts'
import type { CredentialsVerifier } from '../src/fastify/index.ts'
import { createMemoryLoginStore, type Logins, type LoginStore } from '../src/index.ts'
import { interposed } from './interposed.ts'

const PASSWORD = 'correct horse battery staple'
const NEXT = 'another phrase of some length'
const CODE = '492039'
const FOREIGN = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

/** What the plugin of a carrier is registered with. */
export interface Parts {
  readonly credentials: CredentialsVerifier
  readonly store: LoginStore
  readonly clock: { readonly now: number }
}

/** A plugin, for tests that do not ask which. */
export interface CarrierUnderTest {
  readonly prefix: '/session' | '/token'
  build(parts: Parts): Promise<{ readonly app: FastifyInstance; readonly logins: Logins }>
  /** What an answer gives its client to show; undefined for nothing. */
  credentialOf(answer: LightMyRequestResponse): string | undefined
  /** The headers that show it. */
  shown(credential: string): Readonly<Record<string, string>>
  /** A log-in route of the service's own, for whom it proved. */
  ownRoute(
    credentials: Credentials,
    prove: () => Promise<{ readonly id: string; readonly username: string; readonly proof?: string }>
  ): Promise<FastifyInstance>
}

interface Wanted {
  readonly asksForCode?: boolean
  /** What of the credentials the plugin gets. Default: all. */
  readonly shown?: (credentials: Credentials) => CredentialsVerifier
}

/** A service whose stores can be made to wait. Its routes are at the carrier's prefix, and /me is guarded. */
export async function startInFlight(
  carrier: CarrierUnderTest,
  { asksForCode = false, shown = (all) => all }: Wanted = {}
) {
  const kept: UserStore = createMemoryUserStore()
  const users = interposed(kept)
  const clock = { now: 1_800_000_000_000 }
  const store = interposed(createMemoryLoginStore({ now: () => clock.now }))
  const credentials = createCredentials({
    users: users.store,
    // A verb of the store is made to wait for whole log-ins.
    userStoreTimeoutMs: 60_000,
    throttle: false,
    // Two at once: one log-in is held while another hashes.
    hashing: { memoryKiB: 1024, passes: 1, concurrency: 2 },
    secondFactor: { isRequired: () => asksForCode, verify: ({ response }) => response === CODE }
  })
  await credentials.register({ username: 'ada', password: PASSWORD })
  const { app, logins } = await carrier.build({ credentials: shown(credentials), store: store.store, clock })
  const userId = (await kept.findByUsernameKey('ada'))?.id ?? ''
  users.calls.length = 0
  const post = (path: string, payload: object, headers = {}) =>
    app.inject({ method: 'POST', url: `${carrier.prefix}${path}`, payload, headers })
  return {
    kept,
    users,
    store,
    userId,
    enter: (password = PASSWORD, headers = {}) => post('/login', { username: 'ada', password }, headers),
    complete: (pending: string) => post('/login/second-factor', { pending, response: CODE }),
    /** The status of a guarded request with what an answer gave. */
    me: async (answer: LightMyRequestResponse) => {
      const headers = carrier.shown(carrier.credentialOf(answer) ?? '')
      return (await app.inject({ url: '/me', headers })).statusCode
    },
    changePassword: async () => {
      const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: '192.0.2.9' }
      const { ok } = await credentials.changePassword(change)
      if (!ok) throw new Error('the password was not changed')
    },
    endLogins: () => logins.revokeUser(userId),
    disable: async () => {
      const stored = await kept.findById(userId)
      kept.findById = async () => stored && { ...stored, disabled: true }
    },
    /** Pending ones too. */
    living: async () => (await store.store.listByUser(userId)).length
  }
}

/** A log-in during which the password changes and all other logins end: it does not survive. */
export async function passwordChanges(t: Test, carrier: CarrierUnderTest): Promise<void> {
  const start = () => startInFlight(carrier)
  t.test('both fall between the compare and the record', async (t) => {
    const { store, enter, changePassword, endLogins, living } = await start()
    store.before('insert', async () => (await changePassword(), await endLogins()))
    isRefused(t, carrier, await enter())
    t.equal(await living(), 0)
    t.equal((await enter(NEXT)).statusCode, 200, 'the new password lets in')
  })

  t.test('the record falls between the two', async (t) => {
    const { store, enter, changePassword, endLogins, living } = await start()
    store.before('insert', changePassword)
    store.after('insert', endLogins)
    isRefused(t, carrier, await enter())
    t.equal(await living(), 0)
  })

  t.test('the change is so late that nobody ends the other logins before the answer', async (t) => {
    const { users, enter, changePassword, endLogins, living, me } = await start()
    users.after('findById', async () => (await changePassword(), await endLogins()))
    const answer = await enter()
    t.equal(answer.statusCode, 200, 'what was proven held when it was asked')
    t.equal(await living(), 0, 'and what came of it is ended like any other')
    t.equal(await me(answer), 401)
  })
}

/** What else may happen to a log-in that is under way, by either carrier. */
export function testLogInInFlight(carrier: CarrierUnderTest): void {
  const start = (wanted?: Wanted) => startInFlight(carrier, wanted)
  const refuses = (t: Test, answer: LightMyRequestResponse) => isRefused(t, carrier, answer)

  t.test('a log-in in flight does not survive that the user is disabled', async (t) => {
    const { store, enter, disable, endLogins, living } = await start()
    store.before('insert', async () => (await disable(), await endLogins()))
    refuses(t, await enter())
    t.equal(await living(), 0)
  })

  t.test('a log-in in flight does not survive that the user is removed', async (t) => {
    const { kept, store, enter, endLogins, living } = await start()
    store.before('insert', async () => {
      kept.findById = async () => null
      await endLogins()
    })
    refuses(t, await enter())
    t.equal(await living(), 0)
  })

  t.test('a log-in with which nothing interferes reads the user once more, and no more', async (t) => {
    const { users, store, enter, me } = await start()
    const answer = await enter()
    t.equal(answer.statusCode, 200)
    t.equal(await me(answer), 200)
    t.strictSame(users.calls, ['findByUsernameKey', 'findById'])
    t.strictSame(
      store.calls.filter((verb) => verb === 'remove'),
      []
    )
  })

  t.test('of two first log-ins at once by a foreign hash neither is refused', async (t) => {
    const { kept, users, userId, enter, me, living } = await start()
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
    for (const answer of answers) t.equal(await me(answer), 200)
    t.equal(await living(), 2)
  })

  t.test('S15: a log-in in flight survives a rehash by a node of another hashing cost', async (t) => {
    for (const asksForCode of [false, true]) {
      const { kept, store, enter, complete, me, living } = await start({ asksForCode })
      const other = createCredentials({
        users: kept,
        hashing: { memoryKiB: 2048, passes: 1, concurrency: 2 }
      })
      const rehash = async () => {
        const attempt = { username: 'ada', password: PASSWORD, address: '192.0.2.9' }
        t.ok((await other.verify(attempt)).ok)
        t.match((await kept.findByUsernameKey('ada'))?.passwordHash, /m=2048/)
      }
      if (!asksForCode) store.before('insert', rehash)
      const first = await enter()
      if (asksForCode) await rehash()
      const answer = asksForCode ? await complete(first.json<{ pending: string }>().pending) : first
      t.equal(answer.statusCode, 200)
      t.equal(await me(answer), 200)
      t.equal(await living(), 1)
    }
  })

  t.test('a log-in of two factors in flight does not survive a change of password either', async (t) => {
    t.test('that falls between the password and the pending login', async (t) => {
      const { store, enter, changePassword, endLogins, living } = await start({ asksForCode: true })
      store.before('insert', async () => (await changePassword(), await endLogins()))
      refuses(t, await enter())
      t.equal(await living(), 0)
    })

    t.test('that falls between the end of the pending login and the record', async (t) => {
      const { store, enter, complete, changePassword, endLogins, living } = await start({ asksForCode: true })
      const { pending } = (await enter()).json<{ pending: string }>()
      store.before('insert', async () => (await changePassword(), await endLogins()))
      refuses(t, await complete(pending))
      t.equal(await living(), 0)
    })

    t.test('after which nobody has ended the pending login yet', async (t) => {
      const { enter, complete, changePassword, living } = await start({ asksForCode: true })
      const { pending } = (await enter()).json<{ pending: string }>()
      await changePassword()
      refuses(t, await complete(pending))
      t.equal(await living(), 0)
    })

    t.test('and without one it is as ever', async (t) => {
      const { enter, complete, me, living } = await start({ asksForCode: true })
      const { pending } = (await enter()).json<{ pending: string }>()
      const answer = await complete(pending)
      t.equal(answer.statusCode, 200)
      t.equal(await me(answer), 200)
      t.equal(await living(), 1)
    })
  })

  t.test('where it cannot be asked whether the credentials still hold, nobody is logged in', async (t) => {
    const down = () => Promise.reject(new Error('the store of users is down'))
    for (const asksForCode of [false, true]) {
      const { users, enter, living } = await start({ asksForCode })
      users.before('findById', down)
      const answer = await enter()
      t.equal(answer.statusCode, 503)
      t.match(answer.headers['retry-after'], /^\d+$/)
      t.equal(carrier.credentialOf(answer), undefined)
      t.equal(await living(), 0)
    }
    await t.test('and where the login cannot be taken back, nobody has what shows it', async (t) => {
      const { users, store, enter } = await start()
      users.before('findById', down)
      store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
      const answer = await enter()
      t.equal(answer.statusCode, 503)
      t.match(answer.json(), { code: 'DRAWBRIDGE_UNAVAILABLE' })
      t.equal(carrier.credentialOf(answer), undefined)
    })
  })

  t.test('a login that cannot be taken back is a 503, and nothing to show', async (t) => {
    const { store, enter, changePassword } = await start()
    store.before('insert', changePassword)
    store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
    const answer = await enter()
    t.equal(answer.statusCode, 503)
    t.equal(carrier.credentialOf(answer), undefined)
  })

  t.test('credentials of which it cannot be asked are taken at their word', async (t) => {
    const { users, store, enter, changePassword } = await start({ shown: ({ verify }) => ({ verify }) })
    store.before('insert', changePassword)
    t.equal((await enter()).statusCode, 200)
    t.notOk(users.calls.slice(-1).includes('findById'))
    const bare = await start({
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

  t.test(
    'a service that proves users by itself has the proof looked at where it hands it over',
    async (t) => {
      for (const handsOver of [true, false]) {
        const credentials = createCredentials({
          users: createMemoryUserStore(),
          hashing: { memoryKiB: 1024, passes: 1 }
        })
        await credentials.register({ username: 'ada', password: PASSWORD })
        // The password changes while its route is at work.
        const app = await carrier.ownRoute(credentials, async () => {
          const outcome = await credentials.verify({
            username: 'ada',
            password: PASSWORD,
            address: '192.0.2.9'
          })
          if (!outcome.ok) throw new Error(outcome.reason)
          const { user, proof } = outcome
          const passwords = { currentPassword: PASSWORD, newPassword: NEXT }
          await credentials.changePassword({ userId: user.id, ...passwords, address: '192.0.2.9' })
          return handsOver ? { ...user, proof } : user
        })
        const answer = await app.inject({ method: 'POST', url: '/enter' })
        t.equal(answer.statusCode, handsOver ? 401 : 200)
        t.equal(carrier.credentialOf(answer) === undefined, handsOver)
      }
    }
  )
}

export function isRefused(t: Test, carrier: CarrierUnderTest, answer: LightMyRequestResponse): void {
  t.equal(answer.statusCode, 401)
  t.equal(carrier.credentialOf(answer), undefined, 'nothing to show')
  t.equal(
    answer.body,
    '{"statusCode":401,"code":"DRAWBRIDGE_INVALID_CREDENTIALS","error":"Unauthorized","message":"Invalid credentials"}',
    'one body'
  )
}
