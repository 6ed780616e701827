import { openCallChannels, traceCall } from '@drawbridge/options'
import type { PasswordHasher } from './password-hasher.ts'

const channels = openCallChannels('drawbridge:hashing')

/**
 * The hasher, with each computation on the channels `tracing:drawbridge:hashing:*` of `node:diagnostics_channel`: when it has its
 * turn, and when it is done. Nothing of a password, a user or an outcome is in them.
 */
export function traceHasher(hasher: PasswordHasher): PasswordHasher {
  return {
    ...hasher,
    hash: (password) => traceCall(channels, 'hash', () => hasher.hash(password)),
    rehash: (password, user) => traceCall(channels, 'hash', () => hasher.rehash(password, user)),
    compare: (stored, password) => traceCall(channels, 'compare', () => hasher.compare(stored, password)),
    slowStampOf: (user) => traceCall(channels, 'stamp', () => hasher.slowStampOf(user))
  }
}
