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

/** Sets a cookie with an answer; of one name the last counts. The value is percent-encoded. */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  attributes: SerializeOptions
): void {
  const lines = [reply.getHeader('set-cookie') ?? []].flat().map(String)
  const others = lines.filter((line) => !line.startsWith(`${name}=`))
  const line = writer.serialize(name, value, attributes)
  reply.removeHeader('set-cookie')
  reply.header('set-cookie', others.length === 0 ? line : [...others, line])
}

/** Removes a cookie that was set with these attributes: a browser ignores a removal that lacks what the name demands. */
export function clearCookie(reply: FastifyReply, name: string, attributes: SerializeOptions): void {
  setCookie(reply, name, '', { ...attributes, expires: new Date(0), maxAge: 0 })
}
