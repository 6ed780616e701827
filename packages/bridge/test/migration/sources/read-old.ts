import Fastify from 'fastify'
import type { OldLogins, PresentedOldLogin } from '../../../src/migration/old-logins.ts'

/** What a request presents, through a real application. Rejects as `read` does. */
export async function readOld(
  logins: OldLogins,
  headers: Record<string, string | string[]>
): Promise<PresentedOldLogin> {
  const app = Fastify()
  let presented: Promise<PresentedOldLogin> | undefined
  app.get('/', async (request) => {
    presented = (async () => logins.read(request))()
    await presented.catch(() => {})
    return ''
  })
  await app.inject({ url: '/', headers })
  return presented as Promise<PresentedOldLogin>
}

/** The lines of Set-Cookie that `work` makes. */
export async function respond(
  work: (reply: import('fastify').FastifyReply) => unknown
): Promise<readonly string[]> {
  const app = Fastify()
  app.get('/', async (_request, reply) => {
    await work(reply)
    return ''
  })
  const response = await app.inject('/')
  if (response.statusCode !== 200) throw new Error(response.body)
  return [response.headers['set-cookie'] ?? []].flat()
}
