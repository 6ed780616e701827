import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import { deriveKeys } from '@drawbridge/logins/carrier'
import type { Test } from 'tap'
import { makeApp, PASSWORD, SECRET, type TestApp } from '../make-app.ts'
import { type RawResponse, type RawRequest, sendRaw } from './raw-client.ts'

export const NAME = '__Host-drawbridge'

export interface AttackedApp extends TestApp {
  /** Over a socket of its own, byte for byte. */
  send(request: RawRequest): Promise<RawResponse>
  /** GET /me with these Cookie lines. */
  getMe(...cookies: readonly string[]): Promise<RawResponse>
}

/** A service that listens, and is closed with the test. */
export async function attackedApp(
  t: Pick<Test, 'teardown'>,
  options: Parameters<typeof makeApp>[0] = {}
): Promise<AttackedApp> {
  const testApp = await makeApp(options)
  await testApp.app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => testApp.app.close())
  const { port } = testApp.app.server.address() as AddressInfo
  const send = (request: RawRequest) => sendRaw(port, request)
  return {
    ...testApp,
    send,
    getMe: (...cookies) => send({ lines: cookies.map((value) => `Cookie: ${value}`) })
  }
}

/** The lines of a JSON body, and the body. */
export function json(body: unknown, ...lines: readonly string[]): Pick<RawRequest, 'lines' | 'body'> {
  return { lines: ['Content-Type: application/json', ...lines], body: JSON.stringify(body) }
}

/** POST /session/login with a good password. */
export function signInRequest(...lines: readonly string[]): RawRequest {
  return {
    method: 'POST',
    path: '/session/login',
    ...json({ username: 'ada', password: PASSWORD }, ...lines)
  }
}

/** What a response sets, as name=value. */
export function cookiesFrom(response: RawResponse): readonly string[] {
  return response.header('set-cookie').map((line) => line.split(';', 1)[0] as string)
}

/** A genuine cookie, in its parts. */
export interface CookieParts {
  /** As it stands in the Cookie header. */
  readonly value: string
  readonly loginId: string
  readonly secret: string
  readonly mac: string
  /** What was signed. */
  readonly content: string
}

export function parseCookie(pair: string): CookieParts {
  const value = pair.slice(pair.indexOf('=') + 1)
  const [loginId, secret, mac] = decodeURIComponent(value).split('.') as [string, string, string]
  return { value, loginId, secret, mac, content: `${loginId}.${secret}` }
}

/** Signs as the service does, for a purpose: what an attacker could not, and a fault of ours might. */
export function signFor(purpose: string, value: string, secret = SECRET, name = NAME): string {
  const signer = new cookie.Signer(deriveKeys([secret], `${purpose} ${name}`) as never)
  return encodeURIComponent(signer.sign(value))
}

/** Another character of the same alphabet. */
export function alterCharacter(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
