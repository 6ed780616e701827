import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'

/** Beside the project's folder: credentials made by the real programs, with secrets and users that are made up. */
const FOLDER = pathToFileURL(join(process.cwd(), '../shared/foreign-logins/'))

/** A credential of another system, and all that is needed to verify it. */
export interface ForeignLogin {
  readonly id: string
  /** ISO 8601: the time that it is to be verified at. */
  readonly madeAt: string
  readonly secrets: Readonly<Record<string, never>>
  readonly credential: ForeignCredential
  readonly store?: ForeignStore
  readonly setCookie?: readonly string[]
  /** What must not be accepted. */
  readonly refuse?: readonly ForeignRefused[]
  readonly expect: Readonly<Record<string, unknown>>
}

interface ForeignCredential {
  readonly carrier: 'cookie' | 'bearer' | 'cookie or bearer'
  readonly name: string
  readonly value: string
  readonly signatureName?: string
  readonly signature?: string
  readonly refresh?: string
}

interface ForeignStore {
  readonly key: string
  readonly value: string
  readonly valueBase64: string
  readonly row: Readonly<Record<string, never>>
  readonly fieldsHex: Readonly<Record<string, string>>
}

interface ForeignRefused {
  readonly what: string
  readonly value?: string
  /** Of a value that is in a file of its own. */
  readonly valueFile?: string
  /** It is one of the neighbours that must be accepted. */
  readonly accept?: true
}

/** A test of files that are not part of this repository. Without them it says so, by its name too: no failure of ours. */
export function testOfForeignLogins(
  name: string,
  ids: readonly string[],
  run: (t: Test) => Promise<void>,
  options: { readonly skip?: string | false } = {}
): void {
  const missing = ids.filter((id) => !existsSync(new URL(`${id}.json`, FOLDER)))
  if (missing.length === 0) return void t.test(name, options, run)
  const why = `${missing.join(', ')} not there in ${fileURLToPath(FOLDER)}`
  void t.test(`NOT RUN: ${name}`, async (t) => t.pass(why))
}

export function readForeignLogin(id: string): ForeignLogin {
  return JSON.parse(readFileSync(new URL(`${id}.json`, FOLDER), 'utf8')) as ForeignLogin
}

/** The ids of all, by their manifest; empty where there are none. */
export function listForeignLogins(): readonly string[] {
  const manifest = new URL('manifest.json', FOLDER)
  if (!existsSync(manifest)) return []
  const { fixtures } = JSON.parse(readFileSync(manifest, 'utf8')) as { fixtures: readonly { id: string }[] }
  return fixtures.map(({ id }) => id)
}

/** The values that must not be accepted, by what they are. */
export function refusedValues({ refuse = [] }: ForeignLogin): ReadonlyMap<string, string> {
  return new Map(
    refuse
      .filter(({ accept }) => accept !== true)
      .map(({ what, value, valueFile }) => [
        what,
        value ?? readFileSync(new URL(valueFile as string, FOLDER), 'utf8').trim()
      ])
  )
}

/** When it was made, ms since the epoch. */
export const madeAt = ({ madeAt: text }: ForeignLogin): number => Date.parse(text)

/** The headers of a request that presents it. */
export function headersOf({ credential }: ForeignLogin, value = credential.value): Record<string, string> {
  const { carrier, name, signatureName, signature } = credential
  if (carrier === 'bearer') return { authorization: `Bearer ${value}` }
  const signed = signature === undefined ? '' : `; ${signatureName}=${signature}`
  return { cookie: `${name}=${value}${signed}` }
}
