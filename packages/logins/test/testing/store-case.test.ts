import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import t from 'tap'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { storeCase } from '../../src/testing/store-case.ts'

/** For every module, whichever way it imports it. */
function setRandomBytes(randomBytes: typeof crypto.randomBytes): void {
  crypto.randomBytes = randomBytes
  syncBuiltinESMExports()
}

t.test(
  'the user of a case is another one in capitals and in small letters, whatever chance gives',
  async (t) => {
    const { randomBytes } = crypto
    t.teardown(() => setRandomBytes(randomBytes))
    for (const letters of ['abcdefghijkl', 'ABCDEFGHIJKL', '0123456789-_']) {
      setRandomBytes((() => Buffer.from(letters, 'base64url')) as typeof randomBytes)
      let made = ''
      const { run } = storeCase('of a user', async ({ newUserId }) => void (made = newUserId()))
      await run(() => ({
        store: createMemoryLoginStore(),
        advance: async () => {},
        close: async () => {}
      }))
      t.ok(made.endsWith(letters), `${made} has what chance gave`)
      t.equal(new Set([made, made.toUpperCase(), made.toLowerCase()]).size, 3, made)
    }
  }
)
