import assert from 'node:assert/strict'
import type { ContractCase } from '@drawbridge/logins/testing'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { OldLogin, OldLogins, PresentedOldLogin } from '../migration/old-logins.ts'

/** Headers of a request. */
export type RequestHeaders = Readonly<Record<string, string>>

/** What a case of {@link oldLoginsCases} tests. */
export interface OldLoginsSubject {
  readonly logins: OldLogins
  /** A request that presents a login, and what must be read of it; its records have no other. */
  readonly genuine: {
    readonly headers: RequestHeaders
    readonly old: Pick<OldLogin, 'userId'> & Partial<OldLogin>
  }
  /** Requests that must not count, by what is wrong with them: of another secret, expired, of another purpose. */
  readonly refused?: Readonly<Record<string, RequestHeaders>>
  /** A request whose credential is valid, with nobody signed in. */
  readonly empty?: RequestHeaders
  /** Whether credentials are signed: one that is made up must then not reach the records. */
  readonly isSigned?: boolean
  /** Makes the records unreachable. With `keepsRecord`. */
  readonly breakStore?: () => void
  close(): Promise<void>
}

/** One subject, through a real application. */
export interface Fixture extends OldLoginsSubject {
  readonly read: (headers: RequestHeaders) => Promise<PresentedOldLogin>
  /** The cookies that `work` sets, as `name=value` and the whole line. */
  readonly respond: (work: (reply: FastifyReply) => unknown) => Promise<readonly SetCookie[]>
}

/** A cookie that a response sets. */
export interface SetCookie {
  readonly pair: string
  readonly line: string
}

/** A case over HTTP; the subject is closed after it. */
export function oldLoginsCase(
  name: string,
  check: (fixture: Fixture) => Promise<void>
): ContractCase<OldLoginsSubject> {
  return {
    name,
    run: async (make) => {
      const subject = await make()
      const app = Fastify()
      try {
        await check(createFixture(subject, app))
      } finally {
        await Promise.all([app.close(), subject.close()])
      }
    }
  }
}

function createFixture(subject: OldLoginsSubject, app: FastifyInstance): Fixture {
  let handler: Handler = async () => {}
  const thrown: unknown[] = []
  app.get('/', async (incoming, reply) => {
    await handler(incoming, reply).catch((error: unknown) => thrown.push(error))
    return ''
  })
  /** Rejects with what the handler rejects with. */
  const request = async (headers: RequestHeaders, handle: Handler): Promise<readonly SetCookie[]> => {
    handler = handle
    const response = await app.inject({ url: '/', headers })
    if (thrown.length > 0) throw thrown.pop()
    const lines = [response.headers['set-cookie'] ?? []].flat()
    return lines.map((line) => ({ pair: line.split(';', 1)[0] as string, line }))
  }
  return {
    ...subject,
    ...(subject.breakStore && { breakStore: () => subject.breakStore?.() }),
    close: () => subject.close(),
    read: async (headers) => {
      let presented: PresentedOldLogin | undefined
      await request(headers, async (incoming) => {
        presented = await subject.logins.read(incoming)
      })
      assert.ok(presented)
      return presented
    },
    respond: (work) => request({}, async (_incoming, reply) => void (await work(reply)))
  }
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** The login that a request presents. */
export async function found({ read }: Fixture, headers: RequestHeaders): Promise<OldLogin> {
  const presented = await read(headers)
  assert.equal(presented.kind, 'found', 'cause' in presented ? presented.cause : '')
  return (presented as { readonly old: OldLogin }).old
}
