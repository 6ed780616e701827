import { hash, verify } from '@node-rs/argon2'
import type { Scenario } from '../harness/server.ts'
import Fastify, { type FastifyRequest } from 'fastify'
import { greetingFor, signInBodies, PASSWORD, USER } from './greeting.ts'

/** The default cost of createCredentials. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * An upper bound of sign-ins: nothing but `verify`, so many at a time. And a bare route that does nothing else, one
 * at a time, for the cost of HTTP. `GET /` hashes nothing: what other requests wait for beside the hashes.
 */
export const argon2: Scenario = async () => {
  const hashed = await hash(PASSWORD, COST)
  const verifyFor = async ({ seconds, concurrency }: { seconds: number; concurrency: number }) => {
    const began = performance.now()
    const until = began + seconds * 1000
    let done = 0
    const one = async (): Promise<void> => {
      while (performance.now() < until) {
        await verify(hashed, PASSWORD)
        done += 1
      }
    }
    await Promise.all(Array.from({ length: concurrency }, one))
    return done / ((performance.now() - began) / 1000)
  }
  const app = Fastify()
  let last: Promise<unknown> = Promise.resolve()
  app.post('/', async ({ body }: FastifyRequest<{ Body: { readonly password: string } }>) => {
    last = last.then(() => verify(hashed, body.password))
    await last
    return greetingFor(USER.username)
  })
  app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const requests = { method: 'POST', path: '/', place: 'body', values: signInBodies } as const
  return { url, requests, methods: { verifyFor } }
}
