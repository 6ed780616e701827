import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import { generateSigningKey, tokenAuth, type TokenAuthOptions } from '../../src/index.ts'

const keys = [generateSigningKey()]
const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

/** The error of a service that boots with these options; null where it boots. */
export async function bootError(options: object): Promise<string | null> {
  const logins = createLogins({ store: createMemoryLoginStore() })
  try {
    await Fastify().register(tokenAuth, { credentials, logins, keys, ...options } as TokenAuthOptions)
    return null
  } catch (error) {
    return (error as Error).message
  }
}
