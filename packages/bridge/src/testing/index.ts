/* For the tests of a service; and the contract of OldLogins as tests, for adapters of one's own. */
import * as session from '@drawbridge/session-auth/testing'
import * as token from '@drawbridge/token-auth/testing'
import type { Carrier } from '@drawbridge/logins'
import type { ContractCase } from '@drawbridge/logins/testing'
import type { FastifyInstance } from 'fastify'
import { credentialCases } from './credential-cases.ts'
import type { OldLoginsSubject } from './old-logins-case.ts'
import { recordCases } from './record-cases.ts'
import { responseCases } from './response-cases.ts'

/** Options of {@link asUser}. */
export interface AsUserOptions {
  /** A limit of the scopes: see `startSession` and `issueTokens`. */
  readonly scopes?: readonly string[]
  /** Default `session`. */
  readonly carrier?: Carrier
}

/**
 * Signs a user in, without a password: the headers of requests by that user, for `app.inject`. The login is one like any
 * other, in the store of the application.
 *
 * @throws Error where the application does not have the carrier.
 * @example
 * await app.inject({ url: '/me', headers: await asUser(app, { id: '1', username: 'ada' }, { carrier: 'token' }) })
 */
export async function asUser(
  app: FastifyInstance,
  user: Parameters<typeof session.asUser>[1],
  { carrier = 'session', ...options }: AsUserOptions = {}
): Promise<Record<string, string>> {
  return carrier === 'session' ? session.asUser(app, user, options) : token.asUser(app, user, options)
}

export { endEverywhere } from '@drawbridge/session-auth/testing'
export type { OldLoginsSubject, RequestHeaders } from './old-logins-case.ts'

/**
 * The contract of {@link OldLogins} as tests for any runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of oldLoginsCases) {
 *   test(name, () =>
 *     run(() => {
 *       const rows = createMyRows()
 *       return {
 *         logins: createMyOldLogins({ rows }),
 *         genuine: { headers: { cookie: 'sid=5f1c' }, old: { userId: '42', key: '5f1c' } },
 *         breakStore: () => rows.break(),
 *         close: async () => {}
 *       }
 *     })
 *   )
 * }
 * ```
 */
export const oldLoginsCases: ReadonlyArray<ContractCase<OldLoginsSubject>> = [
  ...credentialCases,
  ...recordCases,
  ...responseCases
]
