/** Begins the stamp of a sign-in by the password alone. No other stamp has a dot. */
const PREFIX = 'password-only.'

/**
 * Marks the stamp of a sign-in whose user needed no second factor: it is current only while that is so. A user may set one up
 * while the sign-in is in flight.
 */
export function markPasswordOnly(passwordStamp: string): string {
  return PREFIX + passwordStamp
}

/** A stamp, and whether its sign-in was by the password alone. */
export interface ReadStamp {
  readonly passwordStamp: string
  readonly isPasswordOnly: boolean
}

/** Reads a stamp, marked or not. */
export function readStamp(text: string): ReadStamp {
  const isPasswordOnly = text.startsWith(PREFIX)
  return { passwordStamp: isPasswordOnly ? text.slice(PREFIX.length) : text, isPasswordOnly }
}
