// Import this before anything that imports argon2: an ES module takes the functions of a CommonJS one only once.
import { createRequire } from 'node:module'

const native = createRequire(import.meta.url)('@node-rs/argon2') as typeof import('@node-rs/argon2')
const { verify } = native

/** The hashes with which the native function has compared. */
export const computed: string[] = []

native.verify = (stored, ...rest) => {
  computed.push(String(stored))
  return verify(stored, ...rest)
}
