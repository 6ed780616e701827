import type { Principal } from '@drawbridge/logins'

/** The value of a header about the user; nothing where there is none. A list is for values without spaces, such as scopes. */
export type UserHeader = (principal: Principal) => string | readonly string[] | undefined

/** By name. */
export type UserHeaders = Readonly<Record<string, UserHeader>>

export const DEFAULT_USER_HEADERS: UserHeaders = {
  'x-user-id': ({ userId }) => userId,
  'x-user-name': ({ username }) => username,
  'x-user-scopes': ({ scopes }) => scopes
}

/**
 * The headers about a user. Each name is there, empty where it has no value: of a header that is missing, Envoy would leave what the
 * client has sent.
 */
export function createUserHeaders(
  headers: UserHeaders,
  principal: Principal
): ReadonlyArray<readonly [name: string, value: string]> {
  return Object.entries(headers).map(([name, read]) => [name, encodeField(read(principal))])
}

function encodeField(value: ReturnType<UserHeader>): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? encodeText(value) : value.map(encodeText).join(' ')
}

/**
 * Percent-encodes all but visible ASCII, and the percent sign itself, so that `decodeURIComponent` gives the text back. Raw, a line
 * break would be another header, and Node sends no character beyond Latin-1.
 */
function encodeText(text: string): string {
  return String(text)
    .toWellFormed()
    .replaceAll(/[^!-$&-~]+/g, encodeURIComponent)
}
