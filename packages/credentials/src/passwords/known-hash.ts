/** The algorithm of a stored hash; `custom` is a format that only a {@link HashVerifier} of the service knows. */
export type HashKind = 'argon2id' | 'bcrypt' | 'scrypt' | 'pbkdf2' | 'custom'

/** `truncated`: the text matches, and so would others, because the algorithm does not read all of it. */
export type Match = 'matches' | 'truncated' | 'differs'

/** A stored hash that can be verified. */
export interface KnownHash {
  readonly kind: HashKind
  /** The salt; null where only the service knows it. No secret. */
  readonly salt: Buffer | null
  /** Compares a text with the hash. Rejects when the hash cannot be computed or a {@link HashVerifier} rejects. */
  readonly check: (text: string) => Promise<Match>
}

/** Verifies a hash format that this package does not know. */
export interface HashVerifier {
  /** Whether a stored hash has this format. Called for every hash that is not argon2id. */
  matches(hash: string): boolean
  /**
   * Whether the hash is of this password; only `true` counts as yes. Called for each Unicode form of the password until
   * one matches. Reject only when the hash cannot be verified, which is a 503.
   */
  verify(password: string, hash: string): boolean | Promise<boolean>
}
