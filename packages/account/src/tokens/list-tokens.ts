import { type KeyView, principalOf, refuseKey } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { Foundation } from '../foundation.ts'
import type { AccountToken } from '../types.ts'

/** See `Account.listTokens`. */
export async function listTokens(
  { keys }: Pick<Foundation, 'keys'>,
  request: FastifyRequest
): Promise<readonly AccountToken[]> {
  refuseKey(request.principal)
  const views = (await keys?.list(principalOf(request).userId)) ?? []
  return views.map(toAccountToken)
}

function toAccountToken({ lastSeenAt, ...view }: KeyView): AccountToken {
  return { ...view, lastUsedAt: lastSeenAt === view.createdAt ? null : lastSeenAt }
}
