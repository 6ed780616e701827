import { seedUser } from '@drawbridge/credentials'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import Database from 'libsql'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { openUsers } from '../../src/users.ts'
import { buildDemo, type Tokens } from '../build-demo.ts'
import { makeDataDir } from '../start-demo.ts'
import { until } from '@drawbridge/test-support/until'
import { checkResponse, type Expected } from './check-response.ts'

export const people = {
  user: { username: 'user', password: 'pass' },
  eve: { username: 'eve', password: 'a password of eve' }
} as const

export type Person = keyof typeof people

/** The whole service with two users, called without sockets. */
export interface FuzzedDemo {
  readonly app: FastifyInstance
  readonly dataDir: string
  /** Sends a request, and checks the response for what is true of every response. */
  send(
    request: InjectOptions & { readonly url: string },
    expected?: Partial<Expected>
  ): Promise<LightMyRequestResponse>
  signInByToken(person: Person): Promise<Tokens>
  /** The value of each cookie that the sign-in sets, by name. */
  signInByCookie(person: Person): Promise<Readonly<Record<string, string>>>
}

export async function buildFuzzedDemo(
  t: Test,
  env: Readonly<Record<string, string>> = {}
): Promise<FuzzedDemo> {
  const dataDir = await makeDataDir(t)
  const settings = { ...unthrottled, DATA_DIR: dataDir, ...env }
  await addEve(settings)
  const app = await buildDemo(t, settings)
  // On a busy machine Redis may be late, which counts as a store that is down: a client retries.
  const sendAndCheck =
    env.REDIS_URL === undefined ? (request: InjectOptions) => app.inject(request) : retryWhenBusy(app)
  const send: FuzzedDemo['send'] = async (request, expected = {}) => {
    const response = await sendAndCheck(request)
    checkResponse(response, { url: request.url, method: request.method ?? 'GET', ...expected })
    return response
  }
  const signIn = (carrier: string, person: Person) =>
    send({ method: 'POST', url: `/${carrier}/login`, payload: people[person] })
  return {
    app,
    dataDir,
    send,
    signInByToken: async (person) => (await signIn('token', person)).json<Tokens>(),
    signInByCookie: async (person) => {
      const { cookies } = await signIn('session', person)
      return Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
    }
  }
}

function retryWhenBusy(app: FastifyInstance) {
  return async (request: InjectOptions): Promise<LightMyRequestResponse> => {
    let response = await app.inject(request)
    await until(
      async () => response.statusCode !== 503 || (response = await app.inject(request)).statusCode !== 503
    )
    return response
  }
}

/** The highest limits: the throttle is not under test. */
const unthrottled = { LOGIN_ATTEMPTS_PER_ACCOUNT: '100', LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' }

async function addEve(env: Readonly<Record<string, string>>): Promise<void> {
  const { users, close } = await openUsers(readConfig(env), () => {})
  await seedUser(users, people.eve)
  await close()
}

/** The logins in the store. */
export function readLoginIds(dataDir: string): readonly string[] {
  const database = new Database(join(dataDir, 'logins.db'), { readonly: true })
  try {
    const rows = database.prepare('SELECT id FROM drawbridge_logins ORDER BY id').all() as { id: string }[]
    return rows.map(({ id }) => id)
  } finally {
    database.close()
  }
}
