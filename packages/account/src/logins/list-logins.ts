import { principalOf, refuseKey } from '@drawbridge/carrier'
import type { Logins, LoginView } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { AccountLogin } from '../types.ts'
import { deviceLabel } from './device-label.ts'

/** See `Account.listLogins`. */
export async function listLogins(
  logins: Pick<Logins, 'listByUser'>,
  request: FastifyRequest
): Promise<readonly AccountLogin[]> {
  refuseKey(request.principal)
  const { userId, loginId } = principalOf(request)
  const views = await logins.listByUser(userId)
  return views.map((view) => toAccountLogin(view, loginId))
}

function toAccountLogin({ device, keyName, scopes, ...view }: LoginView, loginId: string): AccountLogin {
  return {
    ...view,
    device: { label: deviceLabel(device.userAgent), ...device },
    current: view.id === loginId,
    scopes: scopes ?? [],
    ...(keyName !== null && { keyName })
  }
}
