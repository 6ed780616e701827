import cookie, { type SerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Of the library's published face, and not of its types yet. */
const writer = cookie as unknown as { readonly serialize: FastifyInstance['serializeCookie'] }

/**
 * Loads what {@link setCookie} writes with. @fastify/cookie is registered where nothing is served, so that none of its
 * decorators reaches the application: one that registers it too, sooner or later, has it to itself (L6).
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
  /** Of a Set-Cookie field. */
  readonly line: string
}

/** The value is percent-encoded. */
export function createCookieLine(name: string, value: string, attributes: SerializeOptions): CookieLine {
  return { name, line: writer.serialize(name, value, attributes) }
}

/** Of a Set-Cookie field as headers hold it, the lines. */
export function toLines(field: unknown): readonly string[] {
  return [field ?? []].flat().map(String)
}

/** Whether one of some lines sets, or removes, the cookie. */
export function includesCookie(lines: readonly string[], name: string): boolean {
  return lines.some((line) => line.startsWith(`${name}=`))
}

/** Sets a cookie with a response; of one name the last counts. */
export function setCookie(reply: FastifyReply, { name, line }: CookieLine): void {
  const others = toLines(reply.getHeader('set-cookie')).filter((other) => !includesCookie([other], name))
  reply.removeHeader('set-cookie')
  reply.header('set-cookie', others.length === 0 ? line : [...others, line])
}

/** Removes a cookie that was set with these attributes: a browser ignores a removal that lacks what the name demands. */
export function clearCookie(reply: FastifyReply, name: string, attributes: SerializeOptions): void {
  setCookie(reply, createCookieLine(name, '', { ...attributes, expires: new Date(0), maxAge: 0 }))
}
