import { randomUUID } from 'node:crypto'
import { canonicalizeUsername } from '@drawbridge/credentials'
import { hash } from '@node-rs/bcrypt'
import type { Redis } from 'ioredis'
import type pg from 'pg'
import type { Kind } from './kinds.ts'
import { type Asked, type Requests, requestsOf } from './requests.ts'
import { type Headers, OWN_PAGE, type Received, send, toCookieHeader } from './send.ts'

/** A member of a test, with what signs them in. */
export interface Member {
  readonly id: string
  readonly email: string
  readonly password: string
}

/** What an API client has. */
export interface Tokens {
  readonly headers: Headers
  readonly refreshToken: string | null
}

/** What a test does with a service. */
export interface Actions {
  /** Asks for something that each of them offers at a path of its own. */
  ask(headers: Headers, of: (requests: Requests) => Asked): Promise<Received>
  /** Adds a member whose password has a bcrypt hash, as the old system left it. */
  addMember(input?: {
    readonly email?: string
    readonly name?: string
    readonly role?: string
  }): Promise<Member>
  /** The hash that the service compares with. */
  readHash(member: Member): Promise<string>
  signIn(member: Member, headers?: Headers): Promise<Received>
  /** Signs in as a browser does: the headers of its later requests. */
  byCookie(member: Member): Promise<Headers>
  /** Signs in as an API client does. */
  byToken(member: Member): Promise<Tokens>
  /** The next tokens of an API client. Where the token lasts for weeks and is not replaced, the same. */
  refresh(tokens: Tokens): Promise<Tokens>
  /** Makes the service forget how many have tried to sign in. */
  forgetAttempts(): Promise<void>
}

/** The actions for the service at that address, over that database and that Redis. */
export function createActions(kind: Kind, url: string, pool: pg.Pool, redis: Redis): Actions {
  const hasAccounts = kind.startsWith('better-auth')
  const signIn = ({ email, password }: Member, headers = {}) =>
    send(url, 'POST', '/web/login', { ...OWN_PAGE, ...headers }, { email, password })
  const ask = (headers: Headers, of: (requests: Requests) => Asked) => {
    const { method, path, body } = of(requestsOf(kind))
    return send(url, method, path, headers, body)
  }
  return {
    ask,
    addMember: async ({ email = `${randomUUID()}@example.com`, name = 'Kim', role = 'member' } = {}) => {
      const password = `the old password of ${email}`
      const pwHash = await hash(password, { cost: 4 })
      const { rows } = await pool.query<{ id: string }>(
        `INSERT INTO members (mail, pw_hash, full_name, tenant, role) VALUES ($1, $2, $3, 'north', $4)
         RETURNING member_no::text AS id`,
        [email, pwHash, name, role]
      )
      const id = rows[0]?.id as string
      if (hasAccounts) await pool.query(ACCOUNT, [id, pwHash])
      if (kind === 'Drawbridge') {
        const key = canonicalizeUsername(email)?.key
        await pool.query('UPDATE members SET mail_key = $1 WHERE member_no = $2', [key, id])
      }
      return { id, email, password }
    },
    readHash: async ({ id }: Member) => {
      const sql = hasAccounts
        ? 'SELECT password AS hash FROM account WHERE "userId" = $1'
        : 'SELECT pw_hash AS hash FROM members WHERE member_no = $1'
      return (await pool.query<{ hash: string }>(sql, [id])).rows[0]?.hash as string
    },
    signIn,
    byCookie: async (member: Member) => {
      const response = await signIn(member)
      if (response.status !== 200) throw new Error(`${kind}: ${response.status} ${response.text}`)
      return { ...OWN_PAGE, cookie: toCookieHeader(response) }
    },
    byToken: async ({ email, password }: Member) => {
      const response = await send(url, 'POST', '/api/login', {}, { email, password })
      if (response.status !== 200) throw new Error(`${kind}: ${response.status} ${response.text}`)
      return toTokens(response)
    },
    refresh: async (tokens: Tokens) => {
      if (tokens.refreshToken === null) return tokens
      const body = { refresh_token: tokens.refreshToken }
      return toTokens(await send(url, 'POST', '/api/refresh', {}, body))
    },
    forgetAttempts: async () => {
      const keys = await redis.keys('*')
      const counts = keys.filter((key) => /rate-limit|\|\/|drawbridge:drawbridge-/.test(key))
      if (counts.length > 0) await redis.del(counts)
    }
  }
}

const ACCOUNT = `
  INSERT INTO account ("accountId", "providerId", "userId", password, "createdAt", "updatedAt")
  VALUES ($1::text, 'credential', $1::bigint, $2, now(), now())`

interface TokenResponse {
  readonly token?: string
  readonly refresh_token?: string
}

function toTokens(response: Received): Tokens {
  const body = response.status === 200 ? response.json<TokenResponse>() : {}
  const { token = '', refresh_token: refreshToken = null } = body
  return { headers: { authorization: `Bearer ${token}` }, refreshToken }
}
