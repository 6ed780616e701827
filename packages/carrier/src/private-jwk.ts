/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1; RFC 8037 section 2. */
const PRIVATE_MEMBERS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'] as const

/** Whether a JSON Web Key has anything that only its owner may know: half of a private key is as good as all of it. */
export function hasPrivateMember(jwk: object): boolean {
  return PRIVATE_MEMBERS.some((member) => (jwk as Readonly<Record<string, unknown>>)[member] !== undefined)
}
