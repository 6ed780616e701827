import { ignoreNonJsonBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { Bridge } from '../types.ts'
import { logoutSchema } from './schemas.ts'

/** `POST /logout`, in a scope of its own: how it treats bodies is for this route alone. */
export function logoutRoute(scope: FastifyInstance, path: string, { logOut }: Pick<Bridge, 'logOut'>): void {
  ignoreNonJsonBodies(scope)
  scope.post<{ Body: { readonly refresh_token?: string } | null | undefined }>(
    path,
    { schema: logoutSchema },
    async (request, reply) => {
      const refreshToken = request.body?.refresh_token
      await logOut(request, reply, refreshToken === undefined ? {} : { refreshToken })
      return { message: 'Logged out' }
    }
  )
}
