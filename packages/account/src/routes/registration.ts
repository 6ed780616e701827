import type { FastifyInstance } from 'fastify'
import type { Account } from '../types.ts'
import { registerSchema, verifySchema } from './schemas.ts'

/** `POST /register`. */
export function registerRoute(
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, 'register'>
): void {
  scope.post(path, { schema: registerSchema }, async (request, reply) => {
    const { status } = await account.register(request, request.body)
    return status === 'registered'
      ? reply.code(201).send({ message: 'Registered' })
      : reply.code(202).send({ message: 'Accepted' })
  })
}

/** `POST /verify`. */
export function verifyRoute(scope: FastifyInstance, path: string, account: Pick<Account, 'verify'>): void {
  scope.post(path, { schema: verifySchema }, async (request) => {
    await account.verify(request, request.body)
    return { message: 'Verified' }
  })
}
