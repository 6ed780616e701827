import { causeFrom, type HttpError, isForwarded } from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { CrossOriginError } from './errors.ts'
import type { ParsedOptions } from './options.ts'
import { ownOrigins } from './own-origins.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether the method is safe (RFC 9110 section 9.2.1): it changes nothing, and the browser lets no other origin read the
 * response, so that any origin may send it. A request for an upgrade is not safe, since CORS does not apply to WebSockets
 * (RFC 6455 section 10.2). Over HTTP/2 it is a CONNECT (RFC 8441), which is not safe either.
 */
export function isSafeRequest({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return SAFE_METHODS.has(method) && headers.upgrade === undefined
}

/**
 * Checks whether a request may come from one of our own pages, or from no page at all, by the rule of Go's
 * CrossOriginProtection: Sec-Fetch-Site decides where the browser sends it (all current ones do, over https and on
 * localhost), otherwise Origin must be the origin of the request's target. A request with neither header is not from a
 * browser, so no page has abused its user's cookie; but where a proxy asks, it may have left them out.
 */
export function createOriginCheck(options: Pick<ParsedOptions, 'trustedOrigins' | 'rejectMissingOrigin'>) {
  const trusted: ReadonlySet<string> = new Set(options.trustedOrigins)
  return (request: FastifyRequest): boolean => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined && trusted.has(origin)) return true
    if (site !== undefined) return site === 'same-origin' || site === 'none'
    if (origin !== undefined) return ownOrigins(request).includes(origin)
    return !options.rejectMissingOrigin && !mayLackOrigin(request)
  }
}

/** Whether a proxy asks about a request with cookies: it may have left out the headers of the browser. */
function mayLackOrigin(request: FastifyRequest): boolean {
  return request.headers.cookie !== undefined && isForwarded(request)
}

/** The 403 for an unsafe request that a page of another origin may have sent; `cause` says what was compared, for the log. */
export function crossOriginError(request: FastifyRequest): HttpError {
  return new CrossOriginError({ cause: causeFrom(describeMismatch(request)) })
}

/** Why a request may come from a page of another origin: what was compared, for the log. */
export function describeMismatch(request: FastifyRequest): string {
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

/** Options of the methods that start and end sessions, which check the origin of the request as a guard does. */
export interface OriginOptions {
  /**
   * Accept unsafe requests of any origin. Only for a route that checks by itself where a request comes from, such as the
   * callback of an identity provider that responds by a POST (`response_mode=form_post`), which checks `state`. Default
   * false.
   */
  readonly allowCrossOrigin?: boolean
}

/** Entries of a schema for {@link OriginOptions}. The schema must be strict: a misspelt name must not be ignored. */
export const originEntries = { allowCrossOrigin: v.optional(v.boolean('must be true or false'), false) }

const originSchema = v.strictObject(originEntries)

/** Reads the options of a method. @throws OptionError */
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
