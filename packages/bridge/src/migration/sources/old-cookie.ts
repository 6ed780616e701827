import { OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'

/** A cookie of another system. A browser removes one only by the name, path and domain that it was set with. */
export interface OldCookie {
  readonly name: string
  /** Default `/`. */
  readonly path?: string
  /** Default none: the host that set it. */
  readonly domain?: string | undefined
  /** The attribute Secure. Default true. */
  readonly secure?: boolean
  /** The attribute SameSite. Default none. */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined
  /** How long a browser keeps one that is given, seconds. Default: until it is closed. */
  readonly maxAgeSeconds?: number | undefined
}

/** An {@link OldCookie}, checked and with defaults. */
export interface ParsedCookie {
  readonly name: string
  readonly maxAgeSeconds?: number | undefined
  /** Path, domain and the attributes that a name may require. */
  readonly attributes: string
}

const MAX_AGE_SECONDS = 400 * 86_400

/** A character that ends an attribute would begin one of the sender's own (CVE-2024-47764). */
const attribute = (rule: string, pattern: RegExp) =>
  v.pipe(v.string('must be a string'), v.regex(pattern, `must be ${rule}`))

export const cookieSchema = v.strictObject({
  name: attribute('a cookie name', /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/),
  path: v.optional(attribute('a path like "/app"', /^\/[\x21-\x3a\x3c-\x7e]*$/), '/'),
  domain: v.optional(attribute('a domain like "example.com"', /^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i)),
  secure: v.optional(v.boolean('must be true or false'), true),
  sameSite: v.optional(v.picklist(['lax', 'strict', 'none'], 'must be "lax", "strict" or "none"')),
  maxAgeSeconds: v.optional(wholeNumber(1, MAX_AGE_SECONDS))
})

/**
 * @param owner prefix of the option names in messages.
 * @throws OptionError
 */
export function parseCookie(owner: string, input: OldCookie): ParsedCookie {
  const cookie = parseOptions(owner, cookieSchema, input)
  checkSecure(owner, cookie)
  const { name, path, domain, secure, sameSite, maxAgeSeconds } = cookie
  const attributes = [
    `Path=${path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    'HttpOnly',
    ...(secure ? ['Secure'] : []),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`])
  ].join('; ')
  return Object.freeze({ name, maxAgeSeconds, attributes })
}

/**
 * @throws OptionError for a cookie that browsers reject without Secure.
 */
export function checkSecure(owner: string, { name, secure, sameSite }: OldCookie): void {
  if (secure !== false || (sameSite !== 'none' && !/^__(host|secure)-/i.test(name))) return
  throw new OptionError(`${owner}.secure must not be false for a cookie that browsers reject without it`)
}

/** Each costs a check of its signature; no browser sends more of one name by chance. */
const MAX_SAME_NAME = 8

/**
 * The values of a cookie that a request presents, percent-decoded, in their order and each once. There may be several, of
 * several paths and domains. An empty one is none.
 */
export function readCookies(request: FastifyRequest, name: string): readonly string[] {
  const found = new Set<string>()
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
    const value = decodeOnce(withoutQuotes(pair.slice(equals + 1).trim()))
    if (value !== '' && found.size < MAX_SAME_NAME) found.add(value)
  }
  return [...found]
}

const withoutQuotes = (text: string) => /^"(.*)"$/s.exec(text)?.[1] ?? text

/** Systems that do not encode write no `%`. */
function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Sets the cookie with a response; of one name and path the last counts. */
export function setCookie(reply: FastifyReply, cookie: ParsedCookie, value: string): void {
  const { maxAgeSeconds } = cookie
  write(
    reply,
    cookie,
    encodeURIComponent(value),
    maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]
  )
}

/** Removes the cookie from the browser. */
export function removeCookie(reply: FastifyReply, cookie: ParsedCookie): void {
  write(reply, cookie, '', ['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])
}

function write(
  reply: FastifyReply,
  { name, attributes }: ParsedCookie,
  value: string,
  more: readonly string[]
): void {
  const lines = [reply.getHeader('set-cookie') ?? []].flat().map(String)
  const others = lines.filter((line) => !(line.startsWith(`${name}=`) && line.includes(`; ${attributes}`)))
  reply.removeHeader('set-cookie')
  reply.header('set-cookie', [...others, [`${name}=${value}`, attributes, ...more].join('; ')])
}
