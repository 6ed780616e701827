import type { DeviceInfo, Login } from '../login/login.ts'
import type { Carrier } from '../login/principal.ts'

/** What an event says of a login. */
export interface DescribedLogin {
  readonly loginId: string
  readonly userId: string
  readonly carrier: Carrier | null
  readonly device: DeviceInfo | null
}

/** What an event says of a record. @param carrier default: the one that the user signed in with. */
export function describeLogin(
  login: Pick<Login, 'id' | 'userId' | 'device' | 'session' | 'refresh' | 'key'>,
  carrier: Carrier | null = firstCarrier(login)
): DescribedLogin {
  const { id: loginId, userId, device } = login
  // A copy: a store of the service's own may give more members.
  const { userAgent, address } = device
  return { loginId, userId, carrier, device: Object.freeze({ userAgent, address }) }
}

/** A session that was added to a login of tokens has an end of its own; that of a sign-in ends with its login. */
function firstCarrier({ session, refresh, key }: Pick<Login, 'session' | 'refresh' | 'key'>): Carrier | null {
  if (key !== null) return 'key'
  if (session !== null && (session.expiresAt === null || refresh === null)) return 'session'
  return refresh === null ? null : 'token'
}

/** What an event says of a login whose record was not read. */
export function unreadLogin(loginId: string, userId: string, carrier: Carrier | null = null): DescribedLogin {
  return { loginId, userId, carrier, device: null }
}
