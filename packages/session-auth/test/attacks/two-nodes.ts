import { createMemoryUserStore } from '@drawbridge/credentials'
import { createMemoryFeed, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import type { LightMyRequestResponse } from 'fastify'
import { makeApp, PASSWORD, type TestApp } from '../make-app.ts'

type Options = NonNullable<Parameters<typeof makeApp>[0]>
export type OpenStore = (options: { readonly now: () => number }) => LoginStore

/** Two nodes of a service: one store, one feed, one clock, one set of users. Sessions carry snapshots, as on any shared feed. */
export async function twoNodes(options: Options = {}, openStore: OpenStore = createMemoryLoginStore) {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const store: LoginStore = openStore({ now })
  const feed = Object.assign(createMemoryFeed({ now }), { isShared: true, coveredFrom: clock.now - 60_000 })
  const users = createMemoryUserStore()
  const node = (changes: Options = {}) =>
    makeApp({ users, ...options, ...changes, clock, store, logins: { ...options.logins, feed } })
  return { clock, store, feed, node, one: await node(), two: await node() }
}

/** All cookies that a browser stores of a response, as a Cookie header. */
export function jarFrom(response: LightMyRequestResponse): string {
  return [response.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

/** Signs in and returns all cookies, the snapshot with them. */
export async function signInForJar({ app }: TestApp, username = 'ada', cookie?: string): Promise<string> {
  const response = await app.inject({
    method: 'POST',
    url: '/session/login',
    payload: { username, password: PASSWORD },
    ...(cookie === undefined ? {} : { headers: { cookie } })
  })
  if (response.statusCode !== 200)
    throw new Error(`the response to the sign-in was ${response.statusCode}: ${response.body}`)
  return jarFrom(response)
}

/** The cookie of that name in a jar, as name=value. */
export function pickCookie(jar: string, name: string): string {
  return jar.split('; ').find((pair) => pair.startsWith(`${name}=`)) ?? ''
}

export const status = async ({ app }: TestApp, cookie: string, url = '/me'): Promise<number> =>
  (await app.inject({ url, headers: { cookie } })).statusCode

/** Status of `GET /me` on each node. */
export function statusOnEach(nodes: readonly TestApp[], cookie: string): Promise<readonly number[]> {
  return Promise.all(nodes.map((node) => status(node, cookie)))
}

/** POST with a cookie. */
export const post = ({ app }: TestApp, url: string, cookie: string, payload?: object) =>
  app.inject({ method: 'POST', url, headers: { cookie }, ...(payload && { payload }) })

/** Whose data `GET /bag` finds in the session. */
export const fetchOwner = async ({ app }: TestApp, cookie: string) =>
  (await app.inject({ url: '/bag', headers: { cookie } })).json<{ owner: unknown }>().owner

/** A member of the principal: the loginId unless said otherwise. */
export const fetchPrincipalMember = async ({ app }: TestApp, cookie: string, member = 'loginId') =>
  String((await app.inject({ url: '/me', headers: { cookie } })).json<Record<string, unknown>>()[member])
