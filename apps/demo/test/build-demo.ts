import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { makeDataDir } from './start-demo.ts'

/** The whole service in this process, with a data folder of its own, closed with the test. */
export async function buildDemo(
  t: Test,
  env: Readonly<Record<string, string>> = {},
  logStream?: { write(line: string): void }
): Promise<FastifyInstance> {
  const dataDir = env.DATA_DIR ?? (await makeDataDir(t))
  const level = logStream === undefined ? 'silent' : 'trace'
  const config = readConfig({ LOG_LEVEL: level, DATA_DIR: dataDir, ...env })
  const app = await buildApp(config, logStream === undefined ? {} : { logStream })
  t.teardown(() => app.close())
  return app
}

export const account = { username: 'user', password: 'pass' }

/** Signs in by cookie. @returns the Cookie header. */
export async function signInByCookie(app: FastifyInstance): Promise<string> {
  const response = await app.inject({ method: 'POST', url: '/session/login', payload: account })
  if (response.statusCode !== 200)
    throw new Error(`sign-in responded ${response.statusCode}: ${response.body}`)
  return response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

export interface Tokens {
  readonly token: string
  readonly refresh_token: string
}

export async function signInByToken(app: FastifyInstance): Promise<Tokens> {
  const response = await app.inject({ method: 'POST', url: '/token/login', payload: account })
  if (response.statusCode !== 200)
    throw new Error(`sign-in responded ${response.statusCode}: ${response.body}`)
  return response.json<Tokens>()
}
