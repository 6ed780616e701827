import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import {
  createCredentials,
  createMemoryUserStore,
  type Credentials,
  type UserStore
} from '@drawbridge/credentials'
import type { CredentialsVerifier, PendingSignIn, VerifiedSignIn } from '@drawbridge/carrier'
import { createMemoryLoginStore, type Logins, type LoginStore } from '@drawbridge/logins'
import { spy } from '../spies/spy.ts'

const PASSWORD = 'correct horse battery staple'
const NEW_PASSWORD = 'another phrase of some length'
const CODE = '492039'
const FOREIGN_HASH = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

/** What the plugin of a carrier is registered with. */
export interface CarrierDependencies {
  readonly credentials: CredentialsVerifier
  readonly store: LoginStore
  readonly clock: { readonly now: number }
  /** Before the plugin is there. */
  readonly before?: (app: FastifyInstance) => void
}

/** The plugin of a carrier, for tests that are the same for both. */
export interface CarrierUnderTest {
  readonly prefix: '/session' | '/token'
  build(
    dependencies: CarrierDependencies
  ): Promise<{ readonly app: FastifyInstance; readonly logins: Logins }>
  /** The credential in a response; undefined where there is none. */
  credentialFrom(response: LightMyRequestResponse): string | undefined
  /** The headers that present it. */
  authHeaders(credential: string): Readonly<Record<string, string>>
  /**
   * A service with sign-in routes of its own: POST `/enter` signs in whom `authenticate` gives, POST `/wait` starts a pending
   * login of whom it gives, and POST `/finish` completes one, and signs in after `beforeSignIn`.
   */
  customRoutes(credentials: Credentials, steps: CustomSteps): Promise<FastifyInstance>
}

/** The steps of a service's own sign-in routes. */
export interface CustomSteps {
  authenticate(): Promise<VerifiedSignIn & PendingSignIn>
  beforeSignIn(): Promise<void>
}

interface StartOptions {
  readonly needsSecondFactor?: boolean
  /** The methods of the credentials that the plugin gets. Default: all. */
  readonly exposed?: (credentials: Credentials) => CredentialsVerifier
  /** Hooks of the service. */
  readonly before?: (app: FastifyInstance) => void
}

/**
 * A service whose stores can be made to wait. Its routes are under the prefix of the carrier, and /me is
 * guarded.
 */
export async function startSignInTest(
  carrier: CarrierUnderTest,
  { needsSecondFactor = false, exposed = (all) => all, before = () => {} }: StartOptions = {}
) {
  const userStore: UserStore = createMemoryUserStore()
  const users = spy(userStore)
  const clock = { now: 1_800_000_000_000 }
  const secondFactor = { isRequired: needsSecondFactor }
  const store = spy(createMemoryLoginStore({ now: () => clock.now }))
  const credentials = createCredentials({
    users: users.store,
    // A method of the store may wait for whole sign-ins.
    userStoreTimeoutMs: 60_000,
    throttle: false,
    // Two at the same time: one sign-in waits while another hashes.
    hashing: { memoryKiB: 1024, passes: 1, concurrency: 2 },
    secondFactor: {
      isRequired: () => secondFactor.isRequired,
      verify: ({ response }) => response === CODE
    }
  })
  await credentials.register({ username: 'ada', password: PASSWORD })
  const { app, logins } = await carrier.build({
    credentials: exposed(credentials),
    store: store.store,
    clock,
    before
  })
  const userId = (await userStore.findByUsernameKey('ada'))?.id ?? ''
  users.calls.length = 0
  const post = (path: string, payload: object, headers = {}) =>
    app.inject({ method: 'POST', url: `${carrier.prefix}${path}`, payload, headers })
  const call = async <Outcome extends { readonly ok: boolean }>(change: Promise<Outcome> | undefined) => {
    if ((await change)?.ok !== true) throw new Error('the user was not changed')
  }
  return {
    app,
    logins,
    userStore,
    users,
    store,
    userId,
    signIn: (password = PASSWORD, headers = {}) => post('/login', { username: 'ada', password }, headers),
    complete: (pending: string) => post('/login/second-factor', { pending, response: CODE }),
    /** The status of a guarded request with the credential of a response. */
    me: async (response: LightMyRequestResponse) => {
      const headers = carrier.authHeaders(carrier.credentialFrom(response) ?? '')
      return (await app.inject({ url: '/me', headers })).statusCode
    },
    changePassword: async () => {
      const change = { userId, currentPassword: PASSWORD, newPassword: NEW_PASSWORD, address: '192.0.2.9' }
      const { ok } = await credentials.changePassword(change)
      if (!ok) throw new Error('the password was not changed')
    },
    revokeAll: () => logins.revokeUser(userId),
    setPassword: () => call(credentials.setPassword({ userId, newPassword: NEW_PASSWORD })),
    /** The user has one from now on. */
    addSecondFactor: () => void (secondFactor.isRequired = true),
    disable: () => call(credentials.disable?.({ userId })),
    removeUser: () => call(credentials.remove?.({ userId })),
    /** Pending ones too. */
    countLogins: async () => (await store.store.listByUser(userId)).length
  }
}

/** A sign-in during which the password changes and all other logins are revoked: it fails. */
export async function testPasswordChange(t: Test, carrier: CarrierUnderTest): Promise<void> {
  const start = () => startSignInTest(carrier)
  t.test('both happen between the comparison and the record', async (t) => {
    const { store, signIn, changePassword, revokeAll, countLogins } = await start()
    store.before('insert', async () => (await changePassword(), await revokeAll()))
    assertUnauthorized(t, carrier, await signIn())
    t.equal(await countLogins(), 0)
    t.equal((await signIn(NEW_PASSWORD)).statusCode, 200, 'the new password works')
  })

  t.test('the record is written between the two', async (t) => {
    const { store, signIn, changePassword, revokeAll, countLogins } = await start()
    store.before('insert', changePassword)
    store.after('insert', revokeAll)
    assertUnauthorized(t, carrier, await signIn())
    t.equal(await countLogins(), 0)
  })

  t.test('the change is so late that the other logins are revoked after the response', async (t) => {
    const { users, signIn, changePassword, revokeAll, countLogins, me } = await start()
    users.after('findById', async () => (await changePassword(), await revokeAll()))
    const response = await signIn()
    t.equal(response.statusCode, 200, 'the password was current when it was checked')
    t.equal(await countLogins(), 0, 'and its login is revoked like any other')
    t.equal(await me(response), 401)
  })
}

/** What else may happen during a sign-in, with either carrier. */
export function testSignInInFlight(carrier: CarrierUnderTest): void {
  const start = (options?: StartOptions) => startSignInTest(carrier, options)
  const assertRejected = (t: Test, response: LightMyRequestResponse) =>
    assertUnauthorized(t, carrier, response)

  t.test('a sign-in in flight fails where the user is disabled', async (t) => {
    const { store, signIn, disable, revokeAll, countLogins } = await start()
    store.before('insert', async () => (await disable(), await revokeAll()))
    assertRejected(t, await signIn())
    t.equal(await countLogins(), 0)
  })

  t.test('a sign-in in flight fails where the user is removed', async (t) => {
    const { store, signIn, removeUser, revokeAll, countLogins } = await start()
    store.before('insert', async () => (await removeUser(), await revokeAll()))
    assertRejected(t, await signIn())
    t.equal(await countLogins(), 0)
  })

  t.test('a sign-in in flight fails where the password is set without the old one', async (t) => {
    const { store, signIn, setPassword, revokeAll, countLogins } = await start()
    store.before('insert', async () => (await setPassword(), await revokeAll()))
    assertRejected(t, await signIn())
    t.equal(await countLogins(), 0)
    t.equal((await signIn(NEW_PASSWORD)).statusCode, 200)
  })

  t.test(
    'a second factor in flight fails where the user is disabled or removed, or the password set',
    async (t) => {
      for (const change of ['disable', 'removeUser', 'setPassword'] as const) {
        const test = await start({ needsSecondFactor: true })
        const { pending } = (await test.signIn()).json<{ pending: string }>()
        // The user was read for the second factor, and the logins are not revoked yet.
        test.store.before('insert', test[change])
        assertRejected(t, await test.complete(pending))
        t.equal(await test.countLogins(), 0, change)
      }
    }
  )

  t.test('a sign-in by the password alone fails where a second factor is set up meanwhile', async (t) => {
    for (const when of ['before the record', 'after it'] as const) {
      const { store, signIn, complete, addSecondFactor, revokeAll, countLogins, me } = await start()
      store.before('insert', async () => {
        addSecondFactor()
        if (when === 'before the record') await revokeAll()
      })
      if (when === 'after it') store.after('insert', revokeAll)
      assertRejected(t, await signIn())
      t.equal(await countLogins(), 0, when)
      const response = await complete((await signIn()).json<{ pending: string }>().pending)
      t.equal(response.statusCode, 200, 'with both it succeeds')
      t.equal(await me(response), 200)
    }
  })

  t.test('the same where the other logins are revoked later, or never', async (t) => {
    const { store, signIn, addSecondFactor, countLogins } = await start()
    store.before('insert', addSecondFactor)
    assertRejected(t, await signIn())
    t.equal(await countLogins(), 0)
  })

  t.test('a sign-in without interference reads the user exactly once more', async (t) => {
    const { users, store, signIn, me } = await start()
    const response = await signIn()
    t.equal(response.statusCode, 200)
    t.equal(await me(response), 200)
    t.strictSame(users.calls, ['findByUsernameKey', 'findById'])
    t.strictSame(
      store.calls.filter((method) => method === 'remove'),
      []
    )
  })

  t.test('of two simultaneous first sign-ins by a foreign hash neither is rejected', async (t) => {
    const { userStore, users, userId, signIn, me, countLogins } = await start()
    const stored = await userStore.findById(userId)
    t.ok(await userStore.replacePasswordHash(userId, stored!.passwordHash, FOREIGN_HASH))
    const responses: LightMyRequestResponse[] = []
    users.before('replacePasswordHash', async () => {
      responses.push(await signIn('pass'))
    })
    responses.push(await signIn('pass'))
    t.strictSame(
      responses.map(({ statusCode }) => statusCode),
      [200, 200]
    )
    for (const response of responses) t.equal(await me(response), 200)
    t.equal(await countLogins(), 2)
  })

  t.test('S15: a sign-in in flight survives a rehash by a node with another hashing cost', async (t) => {
    for (const needsSecondFactor of [false, true]) {
      const { userStore, store, signIn, complete, me, countLogins } = await start({ needsSecondFactor })
      const other = createCredentials({
        users: userStore,
        hashing: { memoryKiB: 2048, passes: 1, concurrency: 2 }
      })
      const rehash = async () => {
        const attempt = { username: 'ada', password: PASSWORD, address: '192.0.2.9' }
        t.ok((await other.verify(attempt)).ok)
        t.match((await userStore.findByUsernameKey('ada'))?.passwordHash, /m=2048/)
      }
      if (!needsSecondFactor) store.before('insert', rehash)
      const first = await signIn()
      if (needsSecondFactor) await rehash()
      const response = needsSecondFactor ? await complete(first.json<{ pending: string }>().pending) : first
      t.equal(response.statusCode, 200)
      t.equal(await me(response), 200)
      t.equal(await countLogins(), 1)
    }
  })

  t.test('a sign-in with two factors in flight fails after a change of password too', async (t) => {
    t.test('the change is between the password and the pending login', async (t) => {
      const { store, signIn, changePassword, revokeAll, countLogins } = await start({
        needsSecondFactor: true
      })
      store.before('insert', async () => (await changePassword(), await revokeAll()))
      assertRejected(t, await signIn())
      t.equal(await countLogins(), 0)
    })

    t.test('the change is between the end of the pending login and the record', async (t) => {
      const { store, signIn, complete, changePassword, revokeAll, countLogins } = await start({
        needsSecondFactor: true
      })
      const { pending } = (await signIn()).json<{ pending: string }>()
      store.before('insert', async () => (await changePassword(), await revokeAll()))
      assertRejected(t, await complete(pending))
      t.equal(await countLogins(), 0)
    })

    t.test('after the change the pending login is not revoked yet', async (t) => {
      const { signIn, complete, changePassword, countLogins } = await start({ needsSecondFactor: true })
      const { pending } = (await signIn()).json<{ pending: string }>()
      await changePassword()
      assertRejected(t, await complete(pending))
      t.equal(await countLogins(), 0)
    })

    t.test('and without a change it succeeds', async (t) => {
      const { signIn, complete, me, countLogins } = await start({ needsSecondFactor: true })
      const { pending } = (await signIn()).json<{ pending: string }>()
      const response = await complete(pending)
      t.equal(response.statusCode, 200)
      t.equal(await me(response), 200)
      t.equal(await countLogins(), 1)
    })
  })

  t.test('where the password stamp cannot be checked, nobody is signed in', async (t) => {
    const down = () => Promise.reject(new Error('the store of users is down'))
    for (const needsSecondFactor of [false, true]) {
      const { users, signIn, countLogins } = await start({ needsSecondFactor })
      users.before('findById', down)
      const response = await signIn()
      t.equal(response.statusCode, 503)
      t.match(response.headers['retry-after'], /^\d+$/)
      t.equal(carrier.credentialFrom(response), undefined)
      t.equal(await countLogins(), 0)
    }
    await t.test('and where the login cannot be removed either, nobody gets a credential', async (t) => {
      const { users, store, signIn } = await start()
      users.before('findById', down)
      store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
      const response = await signIn()
      t.equal(response.statusCode, 503)
      t.match(response.json(), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
      t.equal(carrier.credentialFrom(response), undefined)
    })
  })

  t.test('a login that cannot be removed is a 503 without a credential', async (t) => {
    const { store, signIn, changePassword } = await start()
    store.before('insert', changePassword)
    store.before('remove', () => Promise.reject(new Error('the store of logins is down')))
    const response = await signIn()
    t.equal(response.statusCode, 503)
    t.equal(carrier.credentialFrom(response), undefined)
  })

  t.test('without isStampCurrent, or without a stamp, nothing is checked', async (t) => {
    const { users, store, signIn, changePassword } = await start({ exposed: ({ verify }) => ({ verify }) })
    store.before('insert', changePassword)
    t.equal((await signIn()).statusCode, 200)
    t.notOk(users.calls.slice(-1).includes('findById'))
    const bare = await start({
      exposed: ({ verify, isStampCurrent }) => ({
        isStampCurrent,
        verify: async (attempt) => {
          const outcome = await verify(attempt)
          return outcome.ok ? { ok: true, user: outcome.user } : outcome
        }
      })
    })
    bare.store.before('insert', bare.changePassword)
    t.equal((await bare.signIn()).statusCode, 200, 'nor is an outcome without a stamp')
  })

  t.test('the stamp of a sign-in route of the service is checked, in each shape', async (t) => {
    const stampOnly = ({ user, passwordStamp }: StampedOutcome) => ({ user, passwordStamp })
    const shapes = {
      'the whole outcome': (outcome: StampedOutcome) => outcome,
      'user and stamp': stampOnly
    }
    for (const [name, shape] of Object.entries(shapes)) {
      for (const url of ['/enter', '/wait']) {
        const response = await enterWithStaleStamp(carrier, url, shape)
        t.equal(response.statusCode, 401, `${url}: ${name}`)
        t.equal(carrier.credentialFrom(response), undefined)
        t.notMatch(response.body, 'drbp_', 'and no ticket')
      }
    }
    const withoutStamp = ({ user }: StampedOutcome) => ({ user })
    t.equal(
      (await enterWithStaleStamp(carrier, '/enter', withoutStamp)).statusCode,
      200,
      'no stamp, no check'
    )
    t.equal((await enterWithStaleStamp(carrier, '/wait', withoutStamp)).statusCode, 200, 'no stamp, no check')
  })

  t.test('a stamp that is misplaced or misspelt is an error, and signs nobody in', async (t) => {
    const misplaced: Readonly<Record<string, (outcome: StampedOutcome) => object>> = {
      'in the user': ({ user, passwordStamp }) => ({ user: { ...user, passwordStamp } }),
      'under another name': ({ user, passwordStamp }) => ({ user, stamp: passwordStamp }),
      'of another type': ({ user }) => ({ user, passwordStamp: 7 }),
      'the user itself': ({ user, passwordStamp }) => ({ ...user, passwordStamp })
    }
    for (const [name, shape] of Object.entries(misplaced)) {
      for (const url of ['/enter', '/wait']) {
        const response = await enterWithStaleStamp(carrier, url, shape as never)
        t.equal(response.statusCode, 500, `${url}: ${name}`)
        t.equal(carrier.credentialFrom(response), undefined)
      }
    }
    for (const outcome of [{ ok: false }, { ok: false, reason: 'second-factor-required' }])
      t.equal(
        (
          await enterWithStaleStamp(carrier, '/enter', ((given: object) => ({
            ...given,
            ...outcome
          })) as never)
        ).statusCode,
        500,
        'an outcome that is not ok'
      )
  })

  t.test('the stamp of a pending login is in the result of its completion', async (t) => {
    for (const isChanged of [true, false]) {
      const { credentials, authenticate, changePassword } = await createStampTest()
      const app = await carrier.customRoutes(credentials, {
        authenticate,
        beforeSignIn: async () => void (isChanged && (await changePassword()))
      })
      const post = (url: string, payload?: object) =>
        app.inject({ method: 'POST', url, ...(payload && { payload }) })
      const { pending } = (await post('/wait')).json<{ pending: string }>()
      const response = await post('/finish', { pending, response: CODE })
      t.equal(response.statusCode, isChanged ? 401 : 200)
      t.equal(carrier.credentialFrom(response) === undefined, isChanged)
    }
  })
}

interface StampedOutcome {
  readonly user: { readonly id: string; readonly username: string }
  readonly passwordStamp: string
}

async function createStampTest() {
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    secondFactor: { isRequired: () => false, verify: ({ response }) => response === CODE }
  })
  const registered = await credentials.register({ username: 'ada', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const { id: userId } = registered.user
  const address = '192.0.2.9'
  return {
    credentials,
    authenticate: async () => {
      const outcome = await credentials.verify({ username: 'ada', password: PASSWORD, address })
      if (!outcome.ok) throw new Error(outcome.reason)
      return outcome
    },
    changePassword: async () => {
      const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      const { ok } = await credentials.changePassword({ userId, ...passwords, address })
      if (!ok) throw new Error('the password was not changed')
    }
  }
}

/** The response of a sign-in route of the service itself, during which the password changes. */
async function enterWithStaleStamp(
  carrier: CarrierUnderTest,
  url: string,
  shape: (outcome: StampedOutcome) => VerifiedSignIn & PendingSignIn
): Promise<LightMyRequestResponse> {
  const { credentials, authenticate, changePassword } = await createStampTest()
  const app = await carrier.customRoutes(credentials, {
    authenticate: async () => {
      const outcome = await authenticate()
      await changePassword()
      return shape(outcome)
    },
    beforeSignIn: async () => {}
  })
  return app.inject({ method: 'POST', url })
}

/** Asserts a 401 for wrong credentials, without any credential. */
export function assertUnauthorized(
  t: Test,
  carrier: CarrierUnderTest,
  response: LightMyRequestResponse
): void {
  t.equal(response.statusCode, 401)
  t.equal(carrier.credentialFrom(response), undefined, 'no credential')
  t.equal(
    response.body,
    '{"statusCode":401,"code":"DRAWBRIDGE_INVALID_CREDENTIALS","error":"Unauthorized","message":"Invalid credentials"}',
    'one body'
  )
}
