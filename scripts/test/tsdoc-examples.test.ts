import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import t from 'tap'

/** Where the examples are compiled: the demo depends on all that they import. Nothing is written there. */
const FILE = resolve('apps/demo/src/tsdoc-examples.ts')

/** What an example stands in: a service with all plugins, and what a route is given. */
const CONTEXT = `
import { account, createMemorySpentTokens, createOneTimeTokens } from '@drawbridge/account'
import { createRedisSpentTokens } from '@drawbridge/account/redis'
import { spentTokensCases } from '@drawbridge/account/testing'
import { accessTokenExpiresAt, bridge, closeOnAbort, describeErrors, endOnAbort, forwardAuth, outcomeError } from '@drawbridge/bridge'
import { expressSession, redisRows, type SessionStore } from '@drawbridge/bridge/express-session'
import { flaskSession } from '@drawbridge/bridge/flask'
import { jwt } from '@drawbridge/bridge/jwt'
import { migrations, type UserOf } from '@drawbridge/bridge/migration'
import { backChannelLogout, type IdTokenClaims } from '@drawbridge/back-channel-logout'
import { createRedisProviderSessions } from '@drawbridge/back-channel-logout/redis'
import { createSealedLogins, createStoredLogins, type OldLogins, type OldRows } from '@drawbridge/bridge/old-logins'
import { asUser, oldLoginsCases } from '@drawbridge/bridge/testing'
import { createCredentials, createKyselyUserStore, createRequestThrottle, createMemoryUserStore, createUsersTable, canonicalizeUsername, identifyHash, seedUser } from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import { userStoreCases } from '@drawbridge/credentials/testing'
import { keyAuth, type NewKeyInput, refuseKey } from '@drawbridge/key-auth'
import { type ClosingEmitter, createLogins, createMemoryLoginStore, type LoginStore, type Principal, type RevocationFeed } from '@drawbridge/logins'
import { checkRedis, createRedisFeed, createRedisFeedReader, createRedisLoginStore, createRedisStoreAndFeed } from '@drawbridge/logins/redis'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { createTestLogins, feedCases, loginStoreCases } from '@drawbridge/logins/testing'
import { nextPath, sessionAuth } from '@drawbridge/session-auth'
import swagger from '@fastify/swagger'
import { startTelemetry } from '@drawbridge/telemetry'
import { generateSigningKey, principalOf, tokenAuth, unauthorized } from '@drawbridge/token-auth'
import { createVerifier, verifier } from '@drawbridge/verifier'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { Redis } from 'ioredis'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { test } from 'node:test'

declare const app: FastifyInstance
declare const request: FastifyRequest<{ Body: { pending: string; response: string; refresh_token: string } }>
declare const reply: FastifyReply
declare const handler: RouteHandlerMethod
declare const credentials: ReturnType<typeof createCredentials>
declare const logins: ReturnType<typeof createLogins>
declare const users: ReturnType<typeof createMemoryUserStore>
declare const redis: Redis
declare const db: Kysely<any>
declare const getClaims: () => { scopes: string[] }
declare const info: { title: string; version: string }
declare const store: SessionStore
declare const userOf: UserOf
declare const [id, expiresAt]: [string, number]
declare const [issuer, audience, token]: [string, string, string]
declare const clientId: string
declare const claims: IdTokenClaims
declare const user: { id: string; username: string }
declare function findUserId(subject: string): Promise<string | null>
declare const tokens: ReturnType<typeof createVerifier>
declare const [secret, username, password, loginId, userId]: [string, string, string, string, string]
declare const members: { update(userId: string, change: { role: string }): Promise<void> }
declare const principal: Principal
declare const hashes: string[]
declare const signingKey: ReturnType<typeof generateSigningKey>
declare const message: { token: string }
declare const socket: Parameters<typeof closeOnAbort>[0] & ClosingEmitter & { close(code: number): void }
declare function buildApp(services: { logins: ReturnType<typeof createLogins> }): Promise<FastifyInstance>
declare function createMyStore(options: { now: () => number }): LoginStore & { close(): Promise<void> }
declare function createMyFeed(): RevocationFeed
declare function createMyRows(): OldRows<object> & { break(): void }
declare function createMyOldLogins(options: { rows: OldRows<object> }): OldLogins
declare function openSealed(credential: string, secret: string): { user_id: number; at: number } | null
declare const rows: {
  findById(id: string): Promise<{ user_id: string; expires_at: number } | null>
  removeById(id: string): Promise<void>
}
`

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

function findExamples(): Example[] {
  const files = execFileSync('git', ['ls-files', 'packages/*.ts'], { encoding: 'utf8' }).trim().split('\n')
  return files.filter((file) => file.includes('/src/')).flatMap(examplesOf)
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/).*\n)*)/gm)].map(({ index, 1: body = '' }) => ({
    file,
    line: text.slice(0, index).split('\n').length + 1,
    code: body.replaceAll(/^ *\* ?/gm, '').replaceAll(/^```.*$/gm, '')
  }))
}

/** Each in a function of its own, so that one may declare what the context has too. */
function toModule(examples: readonly Example[]): string {
  const bodies = examples.map(
    ({ code }, at) => `export async function example${at}() {\n${code.replaceAll(/^import .*$/gm, '')}\n}\n`
  )
  return CONTEXT + bodies.join('')
}

function compile(text: string): readonly ts.Diagnostic[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'))
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === FILE || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest)
  const program = ts.createProgram([FILE], { ...options, incremental: false, noEmit: true }, host)
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(FILE))
}

t.test('every @example compiles in a service with all plugins', async (t) => {
  const examples = findExamples()
  t.ok(examples.length >= 30, `${examples.length} examples`)
  const text = toModule(examples)
  const functionOf = (position: number) =>
    /example(\d+)\(\) \{(?![\s\S]*example\d+\(\) \{)/.exec(text.slice(0, position))
  const failures = compile(text).map(({ start = 0, messageText }) => {
    const example = examples[Number(functionOf(start)?.[1])]
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    return `${example === undefined ? 'context' : `${example.file}:${example.line}`}: ${message}`
  })
  t.same(failures, [])
})

t.test('an example that does not compile is found', async (t) => {
  const wrong = { file: 'a.ts', line: 1, code: 'await app.sessionAuth.startSesion(request, reply)' }
  t.match(compile(toModule([wrong])), [{ code: 2551 }])
})
