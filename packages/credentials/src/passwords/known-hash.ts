/** The algorithm of a stored hash; `own` is a form that only a {@link HashVerifier} of the service knows. */
export type HashKind = 'argon2id' | 'bcrypt' | 'scrypt' | 'pbkdf2' | 'custom'

/** `cut`: the text matches, and so would others, because the algorithm does not read the whole of it. */
export type Match = 'matches' | 'truncated' | 'differs'

/** A stored hash that can be verified. */
export interface KnownHash {
  readonly kind: HashKind
  /** What the password was salted with; null where only the service knows. Not a secret. */
  readonly salt: Buffer | null
  /** Compares a text with the hash. Rejects where the hash cannot be computed, or a {@link HashVerifier} rejects. */
  readonly check: (text: string) => Promise<Match>
}

/** Verifies a form of hash that this package does not know. */
export interface HashVerifier {
  /** Whether a stored hash has this form. Asked about everything that is not argon2id. */
  matches(hash: string): boolean
  /**
   * Whether the hash was made of this password; only `true` means yes. Where the password has several Unicode forms, it
   * is asked about each until one matches. Rejects only where it cannot tell, which is a 503.
   */
  verify(password: string, hash: string): boolean | Promise<boolean>
}
