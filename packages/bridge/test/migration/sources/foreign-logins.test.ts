import { createPublicKey } from 'node:crypto'
import t from 'tap'
import {
  type ForeignLogin,
  headersOf,
  madeAt,
  readForeignLogin,
  refusedValues,
  testOfForeignLogins
} from '@drawbridge/test-support/foreign-logins'
import type { OldLogin, OldLogins } from '../../../src/migration/old-logins.ts'
import { expressSession, type SessionStore } from '../../../src/migration/sources/express-session/index.ts'
import { flaskSession } from '../../../src/migration/sources/flask/index.ts'
import { jwt } from '../../../src/migration/sources/jwt/index.ts'
import { readOld } from './read-old.ts'

type Made = Readonly<Record<string, unknown>>

/** One row, as the real program wrote it. */
function rowOf({ store }: ForeignLogin): SessionStore {
  return {
    get: (sid, done) => done(null, store?.key === `sess:${sid}` ? JSON.parse(store.value) : undefined),
    destroy: (_sid, done) => done()
  }
}

const express = (fixture: ForeignLogin, options: Made = {}) =>
  expressSession({ secret: fixture.secrets.list as unknown as string[], store: rowOf(fixture), ...options })

const flask = ({ secrets, ...fixture }: ForeignLogin) =>
  flaskSession({
    secret: secrets.secret_key as unknown as string,
    weakSecret: true,
    now: () => madeAt({ secrets, ...fixture })
  })

const token = (fixture: ForeignLogin, options: Made = {}) =>
  jwt({
    algorithm: 'HS256',
    secret: fixture.secrets.secret as unknown as string,
    weakSecret: true,
    now: () => madeAt(fixture),
    ...options
  })

const idp = ({ secrets }: ForeignLogin) => ({
  algorithm: 'RS256' as const,
  key: (secrets.jwks as unknown as { keys: object[] }).keys.map((jwk) =>
    createPublicKey({ key: jwk as never, format: 'jwk' })
  ),
  issuer: 'https://idp.example',
  audience: 'shop'
})

const at = (text: string) => Date.parse(text)

const SOURCES: Readonly<
  Record<string, { make(fixture: ForeignLogin): OldLogins; readonly old: Partial<OldLogin> }>
> = {
  'express-session-redis-passport': {
    make: (fixture) => express(fixture, { now: () => madeAt(fixture) }),
    old: {
      userId: '42',
      key: '0H4VBbXHTrX4EMxwtF6EXdTBy8zt52WG',
      issuedAt: null,
      expiresAt: at('2026-12-10T11:25:32.319Z')
    }
  },
  'express-session-redis-plain': {
    make: (fixture) =>
      express(fixture, {
        getUserId: (row: Made) => row.user_id,
        getUsername: (row: Made) => row.username,
        now: () => madeAt(fixture)
      }),
    old: {
      userId: '42',
      username: 'ada',
      key: 'pz3Po0rnLc8SYZYe7hOWY_RJ3qTQlAE5',
      expiresAt: at('2026-12-10T11:25:32.401Z')
    }
  },
  'flask-seed': { make: flask, old: { userId: 'user', issuedAt: 1795692561000, expiresAt: 1798370961000 } },
  'flask-permanent': {
    make: flask,
    old: { userId: 'user', issuedAt: 1795692562000, expiresAt: 1798370962000 }
  },
  'flask-compressed': {
    make: flask,
    old: { userId: 'user', issuedAt: 1795692563000, expiresAt: 1798370963000 }
  },
  'jwt-pyjwt-seed': {
    make: (fixture) => token(fixture, { userIdClaim: 'user_id' }),
    old: { userId: 'user', key: null, issuedAt: null, expiresAt: null }
  },
  'jwt-jsonwebtoken-hs256-id': {
    make: (fixture) => token(fixture, { userIdClaim: 'id' }),
    old: { userId: '42', issuedAt: 1795692437000, expiresAt: null }
  },
  'jwt-fastify-jwt-hs256': {
    make: (fixture) => token(fixture, { userIdClaim: ['user', 'id'] }),
    old: { userId: '42', issuedAt: 1795692437000, expiresAt: null }
  },
  'jwt-rs256-jwks': {
    make: (fixture) =>
      jwt({ ...idp(fixture), usernameClaim: 'preferred_username', now: () => madeAt(fixture) }),
    old: {
      userId: '42',
      username: 'ada',
      key: '25b59f01-7204-48fd-89ab-c6de1b9d5586',
      issuedAt: 1795692438000,
      authenticatedAt: 1795692438000,
      expiresAt: 1798284438000
    }
  }
}

for (const [id, { make, old }] of Object.entries(SOURCES)) {
  testOfForeignLogins(`${id}: what the real program made is read`, [id], async (t) => {
    const fixture = readForeignLogin(id)
    const presented = await readOld(make(fixture), headersOf(fixture))
    t.match(presented, { kind: 'found', old })
    const { key } = (presented as { readonly old: OldLogin }).old
    t.equal(key === null, 'key' in old && old.key === null, 'a login with a time has a key')
    t.not(key, fixture.credential.value, 'a key is stored, and so is not the credential')
  })
}

testOfForeignLogins(
  'Flask: what another program, salt or time signed is refused, and a bomb',
  ['flask-negative'],
  async (t) => {
    const fixture = readForeignLogin('flask-negative')
    const refused = refusedValues(fixture)
    t.ok(refused.size >= 6)
    for (const [what, value] of refused) {
      const { kind } = await readOld(flask(fixture), headersOf(fixture, value))
      t.equal(kind, what.startsWith('anonymous') ? 'empty' : 'invalid', what)
    }
    const accepted = fixture.refuse?.find(({ accept }) => accept)?.value
    t.match(await readOld(flask(fixture), headersOf(fixture, accepted)), { kind: 'found' })
  }
)

testOfForeignLogins(
  'JWT: confused algorithms, endless times, doubled and misshapen claims are refused',
  ['jwt-negative'],
  async (t) => {
    const fixture = readForeignLogin('jwt-negative')
    const sources = [
      token(fixture, { userIdClaim: 'user_id' }),
      jwt({ ...idp(fixture), now: () => madeAt(fixture) })
    ]
    const refused = refusedValues(fixture)
    t.ok(refused.size >= 6)
    for (const [what, value] of refused) {
      for (const source of sources)
        t.equal((await readOld(source, headersOf(fixture, value))).kind, 'invalid', what)
    }
  }
)

t.equal(Object.keys(SOURCES).length, 9)
