import type { FastifyRequest } from 'fastify'

/** What any proxy takes in a Location, percent-encoded too. */
const MAX_LENGTH = 2000

const HOST = 'local.invalid'

/**
 * Whether a text is a path of this origin, with or without a query, to which a browser may be redirected. `//evil.example`
 * and `/\evil.example` are other origins to a browser, which also drops tabs and line ends (CWE-601).
 */
export function isLocalPath(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return false
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(value) || !URL.canParse(value, `http://${HOST}`)) return false
  const { host, pathname } = new URL(value, `http://${HOST}`)
  return host === HOST && !pathname.startsWith('//')
}

/**
 * Where to go once the user is signed in: `next` of the query, as a guard with `redirectTo` sends it.
 *
 * @param fallback for a request without it, with several, or with anything that is not a path of this origin.
 * @example
 * app.get('/login', (request, reply) => reply.send(`<form method="post" action="/session/login?next=${encodeURIComponent(nextPath(request))}">`))
 */
export function nextPath({ url }: Pick<FastifyRequest, 'url'>, fallback = '/'): string {
  const values = new URLSearchParams(url.split('?').slice(1).join('?')).getAll('next')
  return values.length === 1 && isLocalPath(values[0]) ? values[0] : fallback
}

/** Adds members to the query of a path. */
export function withQuery(path: string, members: Readonly<Record<string, string>>): string {
  const query = Object.entries(members).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  if (query.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`
}
