import type { Test } from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { forge, headerFor, type Json } from '../forge.ts'
import { type AppOptions, claimsOf, makeApp, START, type TestApp } from '../make-app.ts'
import { getRaw, type RawAnswer } from './raw-request.ts'

export const NOW = START / 1000

/** A service on a port of its own, what it logs, and a maker of tokens that has its keys. */
export interface Service extends TestApp {
  readonly port: number
  readonly lines: string[]
  /** The first key of the ring. */
  readonly key: SigningKey
  /** The claims of a token that holds. */
  readonly claims: Readonly<Record<string, unknown>>
  /** A token that is right but for what is said here. */
  signed(changes: { header?: Json; payload?: Json; key?: SigningKey }): string
  /** The claims, with changes; undefined takes one away. */
  changed(changes: Record<string, unknown>): Record<string, unknown>
  /** The header, with changes. */
  headed(changes: Record<string, unknown>, key?: SigningKey): string
  /** A token that no one has shown before, made by `signed` with nothing wrong. */
  control(): string
  /** GET of a guarded route. */
  show(token: string): Promise<RawAnswer>
}

export async function openService(t: Test, options: AppOptions = {}): Promise<Service> {
  const lines: string[] = []
  const keys = options.keys ?? [generateSigningKey()]
  const stream = { write: (line: string) => void lines.push(line) }
  const test = await makeApp({ ...options, keys, server: { logger: { level: 'trace', stream } } })
  t.teardown(() => test.app.close())
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = test.app.server.address() as { port: number }
  const maker = makerOf(keys[0] as SigningKey, claimsOf((await test.logIn()).token))
  return {
    ...test,
    ...maker,
    port,
    lines,
    show: (token) => getRaw(port, '/me', [`Authorization: Bearer ${token}`])
  }
}

function makerOf(key: SigningKey, claims: Readonly<Record<string, unknown>>) {
  let made = 0
  const signed: Service['signed'] = ({ header, payload = claims, key: by = key }) =>
    forge(by, header ?? headerFor(by), payload)
  const changed: Service['changed'] = (changes) => ({ ...claims, ...changes })
  return {
    key,
    claims,
    signed,
    changed,
    headed: (changes: Record<string, unknown>, by = key) =>
      signed({ header: { ...headerFor(by), ...changes }, key: by }),
    control: () => signed({ payload: changed({ jti: `control ${(made += 1)}` }) })
  }
}

/** JSON text of the claims with one member put in as text, for what JSON.stringify would not write. */
export function withRaw(claims: Readonly<Record<string, unknown>>, name: string, text: string): string {
  const { [name]: _, ...others } = claims
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${text}}`
}

/** Names a case by its value. */
export function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60)
}
