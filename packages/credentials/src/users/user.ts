/** Who may log in, as the outside sees it. */
export interface User {
  readonly id: string
  /** As it was chosen at registration, in Unicode's form NFC. */
  readonly username: string
}

/** A user as a {@link UserStore} keeps it. Never leaves this package. */
export interface StoredUser extends User {
  /** The canonical form of the username, by which a user is found: see `canonicalUsername`. */
  readonly usernameKey: string
  /** An argon2id hash in PHC form, or a foreign one until the first log-in. */
  readonly passwordHash: string
  readonly disabled: boolean
}

/** A user that has no id yet: the store gives it one. */
export type NewUser = Omit<StoredUser, 'id'>

/** What may leave this package of a stored user. */
export function toPublicUser({ id, username }: User): User {
  return Object.freeze({ id, username })
}
