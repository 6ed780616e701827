import cookie, { type SerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Exported by the library, but not yet by its types. */
const writer = cookie as unknown as { readonly serialize: FastifyInstance['serializeCookie'] }

/**
 * Loads what {@link setCookie} writes with. @fastify/cookie is registered in a scope without routes, so that none of its
 * decorators reaches the application, which may register it too, before or after (L6).
 */
export async function loadCookieWriter(app: FastifyInstance): Promise<void> {
  if (app.hasPlugin('@fastify/cookie')) return
  await app.register(async (scope) => {
    await scope.register(cookie, { hook: false })
  })
}

/** A cookie as a response sets it. */
export interface CookieLine {
  readonly name: string
  /** The value of a Set-Cookie field. */
  readonly line: string
}

/**
 * Formats the Set-Cookie fields of one cookie, all but the value once.
 *
 * @returns takes a value that needs no encoding (RFC 6265 section 4.1.1): base64url, or what we signed.
 */
export function createCookieFormat(
  name: string,
  attributes: SerializeOptions
): (value: string) => CookieLine {
  const start = `${name}=`
  const end = createCookieLine(name, '', attributes).line.slice(start.length)
  return (value) => ({ name, line: start + value + end })
}

/** Formats a Set-Cookie field. The value is percent-encoded. */
export function createCookieLine(name: string, value: string, attributes: SerializeOptions): CookieLine {
  return { name, line: writer.serialize(name, value, attributes) }
}

/** The lines of a Set-Cookie header, as Node has it. */
export function toLines(field: unknown): readonly string[] {
  return [field ?? []].flat().map(String)
}

/** Whether one of the lines sets, or removes, the cookie. */
export function includesCookie(lines: readonly string[], name: string): boolean {
  return lines.some((line) => line.startsWith(`${name}=`))
}

/** Sets a cookie with a response; of one name the last counts. Fastify adds a line to those that are there. */
export function setCookie(reply: FastifyReply, { name, line }: CookieLine): void {
  withdrawCookie(reply, name)
  reply.header('set-cookie', line)
}

/** Takes back what {@link setCookie} has set. The cookies of others stay. */
export function withdrawCookie(reply: FastifyReply, name: string): void {
  const others = toLines(reply.getHeader('set-cookie')).filter((line) => !includesCookie([line], name))
  reply.removeHeader('set-cookie')
  if (others.length > 0) reply.header('set-cookie', others)
}

/** Removes a cookie that was set with these attributes: a browser ignores a removal that lacks what the name requires. */
export function clearCookie(reply: FastifyReply, name: string, attributes: SerializeOptions): void {
  setCookie(reply, createCookieLine(name, '', { ...attributes, expires: new Date(0), maxAge: 0 }))
}
