import * as crypto from 'node:crypto'
import t from 'tap'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'

t.test(
  'the user of a case is another one in capitals and in small letters, whatever chance gives',
  async (t) => {
    for (const letters of ['abcdefghijkl', 'ABCDEFGHIJKL', '0123456789-_']) {
      const randomBytes = () => Buffer.from(letters, 'base64url')
      const { storeCase } = await t.mockImport<typeof import('../../src/testing/store-case.ts')>(
        '../../src/testing/store-case.ts',
        { 'node:crypto': { ...crypto, randomBytes } }
      )
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
