import { readFileSync } from 'node:fs'
import t from 'tap'
import { credentialsDefaults } from '../../packages/credentials/src/index.ts'
import type { CarrierLogins } from '../../packages/logins/src/carrier.ts'
import { createLogins, createMemoryLoginStore } from '../../packages/logins/src/index.ts'
import { parseSessionAuthOptions } from '../../packages/session-auth/src/options.ts'
import { generateSigningKey } from '../../packages/token-auth/src/index.ts'
import { parseTokenAuthOptions } from '../../packages/token-auth/src/options.ts'
import { findCode, findRows } from '../markdown.ts'

const logins = createLogins({ store: createMemoryLoginStore() }) as CarrierLogins
const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

/** The defaults by the name of their package or plugin. */
const defaults: Readonly<Record<string, object>> = {
  sessionAuth: parseSessionAuthOptions({
    credentials,
    logins,
    secret: 'a root secret for tests, 0123456789'
  }),
  tokenAuth: parseTokenAuthOptions({ credentials, logins, keys: [generateSigningKey()] }),
  logins: { retentionSeconds: logins.retentionSeconds, maxLoginsPerUser: await listUserLogins() },
  credentials: credentialsDefaults
}

/** The limit of logins per user, observable only by its effect. */
async function listUserLogins(): Promise<number> {
  const login = {
    user: { id: 'u', username: 'user' },
    device: { userAgent: '', address: '' },
    idleTimeoutSeconds: 0,
    absoluteTimeoutSeconds: 600,
    session: { secretHash: 'A'.repeat(43) }
  }
  for (let made = 0; made < 300; made += 1) await logins.create(login)
  return (await logins.listByUser('u')).length
}

t.test('the numbers of asvs.md are the defaults', async (t) => {
  const rows = findRows(readFileSync('docs/security/asvs.md', 'utf8'), 'The numbers')
  t.ok(rows.length >= 15)
  for (const [what, number, option = ''] of rows) {
    const path = findCode(option)[0]?.split('.') ?? []
    const value = path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], defaults)
    t.equal(parseInt(number ?? '', 10), value, `${what}: ${option}`)
  }
})
