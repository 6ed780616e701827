import { createHash } from 'node:crypto'

/** 132 bits. */
const LENGTH = 22

/**
 * Names the very hash that a password was compared with, so that it can be asked later whether that one still stands.
 * No secret: nobody gets from it to the hash, and nothing is opened by showing it.
 */
export function proofOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url').slice(0, LENGTH)
}
