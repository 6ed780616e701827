import type { FastifyRequest } from 'fastify'
import { isLocalPath, withQuery } from './local-path.ts'

/** A guard sends the browser to another page instead of an error. */
export class Redirect {
  readonly location: string

  constructor(location: string) {
    this.location = location
  }
}

/**
 * Where a request without a login is sent; null for one that is no navigation of a browser, whose code would take the page
 * for what it asked for.
 */
export function redirectToSignIn(request: FastifyRequest, page: string): Redirect | null {
  const { originalUrl } = request
  // The page itself is behind the guard: the browser would be sent there for ever.
  if (!isNavigation(request) || pathOf(originalUrl) === pathOf(page)) return null
  return new Redirect(isLocalPath(originalUrl) ? withQuery(page, { next: originalUrl }) : page)
}

/** Fetch metadata decides where the browser sends it; older ones ask for HTML. */
function isNavigation({ method, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const { accept = '', upgrade, 'sec-fetch-mode': mode = 'navigate' } = headers
  return upgrade === undefined && mode === 'navigate' && accept.split(',').some(isHtml)
}

function isHtml(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  return type === 'text/html' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] as string
}
