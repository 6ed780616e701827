import { causeFrom, type HttpError } from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { CrossOriginError } from './errors.ts'
import type { ParsedOptions } from './options.ts'
import { ownOrigins } from './own-origins.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * RFC 9110 section 9.2.1: what must not change anything needs no proof of origin, for what it reads is kept from other
 * origins by the browser. Not so of a WebSocket, which CORS does not know (RFC 6455 section 10.2): a request for an
 * upgrade is no safe one. Over HTTP/2 it is a CONNECT (RFC 8441), which is none either.
 */
export function isSafeRequest({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return SAFE_METHODS.has(method) && headers.upgrade === undefined
}

/**
 * Whether a request may come from one of our own pages, or from no page at all. The rule of Go's
 * CrossOriginProtection: Sec-Fetch-Site decides where the browser sends it (all current ones, over https and on
 * localhost), otherwise Origin must be the origin asked; a request with neither is from no browser, so nobody's
 * cookie can have been put to use against them.
 */
export function createOriginCheck(options: Pick<ParsedOptions, 'trustedOrigins' | 'rejectMissingOrigin'>) {
  const trusted: ReadonlySet<string> = new Set(options.trustedOrigins)
  return (request: FastifyRequest): boolean => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined && trusted.has(origin)) return true
    if (site !== undefined) return site === 'same-origin' || site === 'none'
    if (origin !== undefined) return ownOrigins(request).includes(origin)
    return !options.rejectMissingOrigin
  }
}

/** The answer to an unsafe request that a page of another origin may have sent; the log is told what was compared. */
export function crossOriginError(request: FastifyRequest): HttpError {
  return new CrossOriginError({ cause: causeFrom(describeMismatch(request)) })
}

function describeMismatch(request: FastifyRequest): string {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site !== undefined)
    return `Sec-Fetch-Site is ${quote(site)}, and Origin ${quote(origin)} is not trusted`
  if (origin === undefined) return 'neither Sec-Fetch-Site nor Origin is sent'
  const expected = ownOrigins(request).map(quote).join(' or ')
  const mismatch = `Origin is ${quote(origin)}, expected ${expected}`
  return origin === 'null' ? `${mismatch}; ${NO_REFERRER}` : mismatch
}

const NO_REFERRER =
  'a form of a page under Referrer-Policy no-referrer, which @fastify/helmet sets by default, sends null: set same-origin'

const MAX_QUOTED = 200

function quote(header: string | readonly string[] | undefined): string {
  return header === undefined ? 'none' : JSON.stringify(String(header).slice(0, MAX_QUOTED))
}

/** For a verb that mints or ends a login: it asks where its request came from, as a guard does. */
export interface OriginOptions {
  /**
   * Take unsafe requests of any origin. Only for a route that proves by itself where a request comes from, such as the
   * callback of an identity provider that answers by a POST (`response_mode=form_post`) and checks `state`. Default false.
   */
  readonly allowCrossOrigin?: boolean
}

/** How a method reads {@link OriginOptions}: what is misspelt must not be left out in silence. */
export const originEntries = { allowCrossOrigin: v.optional(v.boolean('must be true or false'), false) }

const originSchema = v.strictObject(originEntries)

export function parseOriginOptions(
  method: string,
  input: OriginOptions | undefined
): Required<OriginOptions> {
  return parseOptions(`sessionAuth.${method}`, originSchema, input ?? {})
}

/** Throws the 403 for an unsafe request that a page of another origin may have sent. */
export function rejectCrossOrigin(
  request: FastifyRequest,
  isSameOrigin: (request: FastifyRequest) => boolean,
  { allowCrossOrigin }: Required<OriginOptions>
): void {
  if (!allowCrossOrigin && !isSafeRequest(request) && !isSameOrigin(request)) throw crossOriginError(request)
}
