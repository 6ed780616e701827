import session from 'express-session'
import t from 'tap'
import type { OldLogins } from '../../../src/migration/old-logins.ts'
import { createSealedLogins, createStoredLogins } from '../../../src/migration/sources/index.ts'
import { expressSession } from '../../../src/migration/sources/express-session/index.ts'
import { oldLoginsCases, type OldLoginsSubject } from '../../../src/testing/index.ts'
import { readOld, respond } from './read-old.ts'

const options = {
  secret: 'a secret of the other system',
  createSession: ({ userId }: { userId: string }) => ({ passport: { user: userId } })
} as const
const login = { id: 'a login', userId: '7', username: 'ada', expiresAt: Date.UTC(2100, 0, 1) }

async function makeSubject(change: (real: OldLogins) => Partial<OldLogins>): Promise<OldLoginsSubject> {
  const store = new session.MemoryStore()
  const real = expressSession({ ...options, store })
  let key = ''
  const [line = ''] = await respond(async (reply) => {
    key = (await real.give?.(reply, login, null)) ?? ''
  })
  const fail = (...args: unknown[]) => (args.at(-1) as (error: Error) => void)(new Error('connection lost'))
  return {
    logins: { ...real, ...change(real) },
    genuine: { headers: { cookie: line.split(';', 1)[0] as string }, old: { userId: '7', key } },
    isSigned: true,
    breakStore: () => void Object.assign(store, { get: fail, set: fail, destroy: fail, all: fail }),
    close: async () => {}
  }
}

const none = { kind: 'none' } as const

const SABOTAGES: Readonly<
  Record<string, { readonly change: (real: OldLogins) => Partial<OldLogins>; readonly fails: RegExp }>
> = {
  'throws for what a client sends': {
    change: (real) => ({
      read: (request) => {
        decodeURIComponent(request.headers.cookie ?? '')
        return real.read(request)
      }
    }),
    fails: /garbage/
  },
  'takes the text for the key, in whatever spelling': {
    change: (real) => ({
      read: async (request) => {
        const presented = await real.read(request)
        if (presented.kind !== 'found') return presented
        return { kind: 'found', old: { ...presented.old, key: request.headers.cookie ?? '' } }
      }
    }),
    fails: /as it is|thousand/
  },
  'has a time that is none': {
    change: (real) => ({
      read: async (request) => {
        const presented = await real.read(request)
        if (presented.kind !== 'found') return presented
        return { kind: 'found', old: { ...presented.old, expiresAt: Infinity } }
      }
    }),
    fails: /as it is/
  },
  'takes an outage for a log-out': {
    change: (real) => ({ read: async (request) => Promise.resolve(real.read(request)).catch(() => none) }),
    fails: /cannot be reached/
  },
  'says what the driver says': {
    change: (real) => ({
      isActive: async (key) => {
        await real.isActive?.(key).catch(() => Promise.reject(new Error(`GET sess:${key}`)))
        return real.isActive?.(key) ?? false
      }
    }),
    fails: /no secret is in the error/
  },
  'cannot revoke': { change: () => ({ revoke: async () => {} }), fails: /until it is revoked/ },
  'has no revoke': {
    change: () => ({ revoke: undefined as never }),
    fails: /can revoke, and no other/
  },
  'asks the store for what is not signed': {
    change: (real) => ({
      read: async (request) => {
        if (request.headers.cookie !== undefined) await real.isActive?.('a made-up key')
        return real.read(request)
      }
    }),
    fails: /does not reach its records/
  },
  'gives a login of another user again': {
    change: (real) => {
      let last: string | null = null
      return {
        give: async (reply, given, key) => {
          if (key !== null && last !== null) return last
          last = (await real.give?.(reply, given, null)) ?? null
          return last ?? ''
        }
      }
    },
    fails: /of another user, is not given again|under the key of it/
  },
  'removes nothing': { change: () => ({ clear: () => {} }), fails: /removed/ },
  'counts everything': { change: () => ({ count: async () => 5 }), fails: /the count/ }
}

for (const [what, { change, fails }] of Object.entries(SABOTAGES)) {
  t.test(`the cases catch a system that ${what}`, async (t) => {
    const failed: string[] = []
    for (const { name, run } of oldLoginsCases) {
      await run(() => makeSubject(change)).catch(() => failed.push(name))
    }
    t.ok(
      failed.some((name) => fails.test(name)),
      failed.join('; ')
    )
  })
}

t.test('the cases catch a system that believes what is not signed', async (t) => {
  const failed: string[] = []
  const logins = createSealedLogins({
    in: { name: 'session' },
    open: (text) => ({ userId: Buffer.from(text, 'base64url').toString() || null })
  })
  for (const { name, run } of oldLoginsCases) {
    await run(() => ({
      logins,
      genuine: { headers: { cookie: 'session=NzE2MjYzNjQ2NTY2Njc2ODY5' }, old: {} as { userId: string } },
      close: async () => {}
    })).catch(() => failed.push(name))
  }
  t.ok(failed.some((name) => name.includes('garbage')))
  t.ok(failed.some((name) => name.includes('thousand')))
})

t.test('a store that does not respond is an outage', async (t) => {
  const logins = createStoredLogins({
    in: 'bearer',
    verify: (text) => text,
    rows: { find: () => new Promise<null>(() => {}), remove: () => new Promise<null>(() => {}) },
    read: () => null,
    timeoutMs: 1
  })
  await t.rejects(async () => logins.isActive?.('a'), {
    message: 'the other system did not respond within 1 ms'
  })
  await t.rejects(async () => logins.revoke?.('a'), {
    message: 'the other system did not respond within 1 ms'
  })
})

t.test('what is no id of any system does not reach the records', async (t) => {
  const asked: string[] = []
  const logins = createStoredLogins({
    in: { name: 'sid' },
    verify: (text) => text,
    rows: { find: async (key) => void asked.push(key), remove: async () => {} },
    read: () => null
  })
  for (const text of ['%00', 'a%20b', '%C3%BC', 'a%0d%0aDEL', 'x'.repeat(1025)])
    t.match(await readOld(logins, { cookie: `sid=${text}` }), { kind: 'invalid' }, text)
  t.same(await readOld(logins, { cookie: 'sid=5f1c' }), { kind: 'none' })
  t.same(asked, ['5f1c'])
})
