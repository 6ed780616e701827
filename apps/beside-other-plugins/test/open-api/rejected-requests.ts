import { asUser } from '@drawbridge/bridge/testing'
import { until } from '@drawbridge/test-support/until'
import { type Received, send, type Sent } from './send.ts'
import { CODE, PASSWORD, type Service } from './service.ts'

/** Notes what a request gets. @param code the error that it must get. */
type Expect = (route: string, code: string, request?: Sent | Promise<Received>) => Promise<void>

const ada = { id: '1', username: 'ada' }
const bob = { id: '2', username: 'bob' }

const crossSite = { 'sec-fetch-site': 'cross-site' }

/** More cookies of one name than are looked at. */
const flood = {
  cookie: Array.from({ length: 20 }, (_, at) => `__Host-drawbridge=${at}`).join('; ')
}

const session = async ({ app }: Service, user = ada) =>
  (await asUser(app, user)) as { readonly cookie: string }

const bearer = async ({ app }: Service, user = ada) =>
  (await asUser(app, user, { carrier: 'token' })) as { readonly authorization: string }

async function whileStoreIsDown(
  { storeDown, storeUp, makeStale, makeFresh }: Service,
  work: () => Promise<void>
): Promise<void> {
  makeStale()
  storeDown()
  await work()
  storeUp()
  makeFresh()
}

async function rejectBodies(expect: Expect, route: string): Promise<void> {
  await expect(route, 'FST_ERR_VALIDATION', { body: { unknown: true } })
  await expect(route, 'FST_ERR_CTP_INVALID_JSON_BODY', { body: '{' })
  await expect(route, 'DRAWBRIDGE_MALFORMED_BODY', { body: Buffer.from([0x22, 0xff, 0x22]) })
  await expect(route, 'FST_ERR_CTP_BODY_TOO_LARGE', { body: 'x'.repeat(20_000) })
}

async function rejectTypes(expect: Expect, route: string): Promise<void> {
  const typed = (type: string) => ({ headers: { 'content-type': type }, body: '{}' })
  await expect(route, 'FST_ERR_CTP_INVALID_MEDIA_TYPE', typed('text/plain'))
  await expect(route, 'DRAWBRIDGE_UNSUPPORTED_BODY', typed('application/json; charset=latin1'))
}

type Carrier = 'session' | 'token'

async function rejectSignIns(service: Service, expect: Expect, carrier: Carrier): Promise<void> {
  const { app, users, gate } = service
  const route = `POST /${carrier}/login`
  const body = { username: 'ada', password: PASSWORD }
  await rejectBodies(expect, route)
  await rejectTypes(expect, route)
  await expect(route, 'DRAWBRIDGE_MALFORMED_CREDENTIALS', { body: { ...body, username: '\ud800' } })
  const unknown = { body: { ...body, username: `nobody by ${carrier}` } }
  await expect(route, 'DRAWBRIDGE_INVALID_CREDENTIALS', unknown)
  await expect(route, 'DRAWBRIDGE_INVALID_CREDENTIALS', unknown)
  await expect(route, 'DRAWBRIDGE_TOO_MANY_ATTEMPTS', unknown)
  users.outage = new Error('down')
  await expect(route, 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', { body })
  users.outage = null
  await whileStoreIsDown(service, () => expect(route, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { body }))
  const slow = send(app, route, { body: { ...body, username: 'slow' } })
  await until(() => gate.waiting.length === 1)
  await expect(route, 'DRAWBRIDGE_BUSY', { body })
  gate.open()
  // Whether a second factor is required is asked once more when the login is written.
  await until(() => gate.waiting.length === 1)
  gate.open()
  await slow
  if (carrier === 'token') return
  await expect(route, 'DRAWBRIDGE_CROSS_ORIGIN', { body, headers: crossSite })
  await expect(route, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { body, headers: flood })
}

/** Attempts on one account that are in progress: two are made, 128 wait for them. */
const MORE_THAN_WAIT = 140

async function rejectSecondFactors(service: Service, expect: Expect, carrier: Carrier): Promise<void> {
  const { app, users, gate, register } = service
  const route = `POST /${carrier}/login/second-factor`
  const begin = async (purpose: string) => {
    const username = `two ${carrier} ${purpose}`
    await register(username)
    const { body } = await send(app, `POST /${carrier}/login`, { body: { username, password: PASSWORD } })
    return body['pending'] as string
  }
  const body = { pending: await begin('outage'), response: CODE }
  await rejectBodies(expect, route)
  await rejectTypes(expect, route)
  await expect(route, 'DRAWBRIDGE_MALFORMED_CREDENTIALS', { body: { ...body, response: '\ud800' } })
  users.outage = new Error('down')
  await expect(route, 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', { body })
  users.outage = null
  await whileStoreIsDown(service, () => expect(route, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { body }))
  const wrong = { body: { pending: await begin('guesses'), response: 'wrong' } }
  await expect(route, 'DRAWBRIDGE_INVALID_CREDENTIALS', wrong)
  await expect(route, 'DRAWBRIDGE_INVALID_CREDENTIALS', wrong)
  await expect(route, 'DRAWBRIDGE_TOO_MANY_ATTEMPTS', wrong)
  const slow = { body: { pending: await begin('at once'), response: 'slow' } }
  const inProgress = Array.from({ length: MORE_THAN_WAIT }, () => send(app, route, slow))
  await expect(route, 'DRAWBRIDGE_BUSY', Promise.race(inProgress))
  gate.open()
  await Promise.all(inProgress)
  if (carrier === 'token') return
  await expect(route, 'DRAWBRIDGE_CROSS_ORIGIN', { body, headers: crossSite })
  await expect(route, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { body, headers: flood })
}

async function rejectLogouts(service: Service, expect: Expect): Promise<void> {
  const large = { body: 'x'.repeat(20_000) }
  const cookie = await session(service)
  const bySession = 'POST /session/logout'
  await expect(bySession, 'FST_ERR_CTP_BODY_TOO_LARGE', large)
  await expect(bySession, 'DRAWBRIDGE_CROSS_ORIGIN', { headers: { ...cookie, ...crossSite } })
  await expect(bySession, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { headers: flood })
  await whileStoreIsDown(service, () =>
    expect(bySession, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { headers: cookie })
  )

  const byToken = 'POST /token/logout'
  const { authorization } = await bearer(service)
  await rejectBodies(expect, byToken)
  await expect(byToken, 'DRAWBRIDGE_UNAUTHORIZED')
  await expect(byToken, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', {
    headers: { authorization: [authorization, authorization] }
  })
  await whileStoreIsDown(service, () =>
    expect(byToken, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { headers: { authorization } })
  )

  const byEither = 'POST /logout'
  await rejectBodies(expect, byEither)
  await expect(byEither, 'DRAWBRIDGE_UNAUTHORIZED', { headers: { authorization: 'Bearer forged' } })
  await expect(byEither, 'DRAWBRIDGE_CROSS_ORIGIN', { headers: { ...cookie, ...crossSite } })
  await expect(byEither, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { headers: flood })
  await whileStoreIsDown(service, () =>
    expect(byEither, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { headers: { authorization } })
  )
}

const signInByToken = async ({ app }: Service, username: string) => {
  const { body } = await send(app, 'POST /token/login', { body: { username, password: PASSWORD } })
  return body['refresh_token'] as string
}

async function rejectExchanges(service: Service, expect: Expect): Promise<void> {
  const body = { refresh_token: await signInByToken(service, 'ada') }
  const refresh = 'POST /token/refresh'
  await rejectBodies(expect, refresh)
  await rejectTypes(expect, refresh)
  await expect(refresh, 'DRAWBRIDGE_UNAUTHORIZED', { body: { refresh_token: 'forged' } })
  await whileStoreIsDown(service, () => expect(refresh, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { body }))

  const toToken = 'POST /exchange/session-for-token'
  const cookie = await session(service)
  const ofBob = await bearer(service, bob)
  await rejectBodies(expect, toToken)
  await rejectTypes(expect, toToken)
  await expect(toToken, 'DRAWBRIDGE_UNAUTHORIZED')
  await expect(toToken, 'DRAWBRIDGE_CROSS_ORIGIN', { headers: { ...cookie, ...crossSite } })
  await expect(toToken, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { headers: flood })
  await expect(toToken, 'DRAWBRIDGE_TWO_USERS', { headers: { ...cookie, ...ofBob } })
  await whileStoreIsDown(service, () => expect(toToken, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { headers: cookie }))
  const carried = { headers: cookie, body: { refresh_token: true } }
  const { body: first } = await send(service.app, toToken, carried)
  const renew = { body: { refresh_token: first['refresh_token'] } }
  const { body: next } = await send(service.app, refresh, renew)
  // Past the time in which a repeated request gets the same token.
  service.clock.advance(60)
  await expect(toToken, 'DRAWBRIDGE_ALREADY_CARRIED', carried)

  const toSession = 'POST /exchange/token-for-session'
  await rejectBodies(expect, toSession)
  await rejectTypes(expect, toSession)
  await expect(toSession, 'DRAWBRIDGE_UNAUTHORIZED', { body: { refresh_token: 'forged' } })
  await expect(toSession, 'DRAWBRIDGE_CROSS_ORIGIN', { body, headers: crossSite })
  await expect(toSession, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { body, headers: flood })
  await expect(toSession, 'DRAWBRIDGE_TWO_USERS', { body, headers: await bearer(service, bob) })
  await whileStoreIsDown(service, () => expect(toSession, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { body }))
  const ofSession = { body: { refresh_token: next['refresh_token'] } }
  await expect(toSession, 'DRAWBRIDGE_ALREADY_CARRIED', ofSession)
}

async function rejectAtGuards(service: Service, expect: Expect): Promise<void> {
  const cookie = await session(service)
  const other = await session(service, bob)
  const token = await bearer(service)
  const both = { session: cookie, token, either: token } as const
  const ambiguous = {
    session: { cookie: `${cookie.cookie}; ${other.cookie}` },
    token: { authorization: [token.authorization, token.authorization] },
    either: { authorization: [token.authorization, token.authorization] }
  }
  for (const name of ['session', 'token', 'either'] as const) {
    for (const method of ['GET', 'POST']) {
      const route = `${method} /by/${name}`
      await expect(route, 'DRAWBRIDGE_UNAUTHORIZED')
      await expect(route, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', { headers: ambiguous[name] })
      await whileStoreIsDown(service, () =>
        expect(route, 'DRAWBRIDGE_LOGINS_UNAVAILABLE', { headers: both[name] })
      )
      if (method === 'POST') {
        await expect(route, 'DRAWBRIDGE_INSUFFICIENT_SCOPE', { headers: both[name] })
        if (name !== 'token')
          await expect(route, 'DRAWBRIDGE_CROSS_ORIGIN', { headers: { ...cookie, ...crossSite } })
      }
      if (name === 'either') await expect(route, 'DRAWBRIDGE_TWO_USERS', { headers: { ...other, ...token } })
    }
  }
  await expect('POST /checked', 'DRAWBRIDGE_CROSS_ORIGIN', { headers: crossSite })
}

/** Sends to each route what it rejects, for each reason. @param check gets each response and the code that it must have. */
export async function sendRejected(
  service: Service,
  check: (route: string, code: string, received: Received) => void
): Promise<void> {
  const expect: Expect = async (route, code, request) =>
    check(route, code, await (request instanceof Promise ? request : send(service.app, route, request)))
  for (const username of ['ada', 'bob', 'slow']) await service.register(username)
  for (const carrier of ['session', 'token'] as const) {
    await rejectSignIns(service, expect, carrier)
    await rejectSecondFactors(service, expect, carrier)
  }
  await rejectLogouts(service, expect)
  await rejectExchanges(service, expect)
  await rejectAtGuards(service, expect)
}
