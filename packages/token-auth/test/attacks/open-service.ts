import type { Test } from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { signJws, createHeader, type Json } from '@drawbridge/test-support/forge'
import { type AppOptions, decodeClaims, makeApp, START, type TestApp } from '../make-app.ts'
import { getRaw, type RawResponse } from './raw-client.ts'

export const NOW = START / 1000

/** A service on a port of its own, what it logs, and a maker of tokens that has its keys. */
export interface Service extends TestApp {
  readonly port: number
  readonly lines: string[]
  /** The first key of the ring. */
  readonly key: SigningKey
  /** The claims of a valid token. */
  readonly claims: Readonly<Record<string, unknown>>
  /** A token that is right but for what is said here. */
  makeToken(changes: { header?: Json; payload?: Json; key?: SigningKey }): string
  /** The claims, with changes; undefined takes one away. */
  changeClaims(changes: Record<string, unknown>): Record<string, unknown>
  /** The header, with changes. */
  withHeader(changes: Record<string, unknown>, key?: SigningKey): string
  /** A valid token that was not presented before, made by `signed`. */
  createValidToken(): string
  /** GET of a guarded route. */
  getMe(token: string): Promise<RawResponse>
}

export async function openService(t: Test, options: AppOptions = {}): Promise<Service> {
  const lines: string[] = []
  const keys = options.keys ?? [generateSigningKey()]
  const stream = { write: (line: string) => void lines.push(line) }
  const test = await makeApp({ ...options, keys, server: { logger: { level: 'trace', stream } } })
  t.teardown(() => test.app.close())
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = test.app.server.address() as { port: number }
  const maker = createTokenMaker(keys[0] as SigningKey, decodeClaims((await test.signIn()).token))
  return {
    ...test,
    ...maker,
    port,
    lines,
    getMe: (token) => getRaw(port, '/me', [`Authorization: Bearer ${token}`])
  }
}

function createTokenMaker(key: SigningKey, claims: Readonly<Record<string, unknown>>) {
  let count = 0
  const makeToken: Service['makeToken'] = ({ header, payload = claims, key: by = key }) =>
    signJws(by, header ?? createHeader(by), payload)
  const changeClaims: Service['changeClaims'] = (changes) => ({ ...claims, ...changes })
  return {
    key,
    claims,
    makeToken,
    changeClaims,
    withHeader: (changes: Record<string, unknown>, by = key) =>
      makeToken({ header: { ...createHeader(by), ...changes }, key: by }),
    createValidToken: () => makeToken({ payload: changeClaims({ jti: `control ${(count += 1)}` }) })
  }
}

/** JSON text of the claims with one member put in as text, for what JSON.stringify would not write. */
export function withRawMember(claims: Readonly<Record<string, unknown>>, name: string, text: string): string {
  const { [name]: _, ...others } = claims
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${text}}`
}

/** Names a case by its value. */
export function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60)
}
