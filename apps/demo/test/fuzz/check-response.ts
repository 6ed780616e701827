import { STATUS_CODES } from 'node:http'

/** The response, from any client. */
export interface Response {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface Expected {
  /** The URL of the request: Fastify's 404 and its error for a malformed URL quote it. */
  readonly url: string
  /** A response to HEAD has no body. */
  readonly method?: string
  /** Whether a 503 is possible: only where the hashing queue may be full or a store down. */
  readonly mayBeBusy?: boolean
  /** Whether it may come from the HTTP parser, before any route is known. */
  readonly isRaw?: boolean
}

const MEMBERS: ReadonlySet<string> = new Set(['statusCode', 'code', 'error', 'message'])

/**
 * L10: no response to a bad request reveals internals: file paths, versions, messages of a database or Redis.
 */
const INTERNALS =
  /node_modules|\/src\/|\.[jt]s:\d|\n\s+at |\d+\.\d+\.\d+|sqlite|postgres|redis|\bSELECT\b|\bINSERT\b|\bWRONGTYPE\b|\bNOSCRIPT\b|ERR_OSSL|FAST_JWT|argon2|ECONN|ENOENT/i

export const leaksInternals = (text: string): boolean => INTERNALS.test(text)

/** The 401 responses so far, by class: code and challenge. */
const failures = new Map<string, string>()

/** Checks what is true of every response to any request. @throws where it is not. */
export function checkResponse(
  response: Response,
  { url, method = 'GET', mayBeBusy = false, isRaw = false }: Expected
): void {
  const { statusCode, headers, body } = response
  if (statusCode >= 500 && !(mayBeBusy && statusCode === 503)) throw new Error(`a ${statusCode}: ${body}`)
  if (statusCode < 400) return
  if (method === 'HEAD') return
  checkShape(response, isRaw)
  const text = body.replaceAll(JSON.stringify(url).slice(1, -1), '')
  if (leaksInternals(text)) throw new Error(`a response reveals internals: ${body}`)
  if (statusCode === 401) checkUniform(headers, body)
}

/** Node's own responses: malformed HTTP, too slow, headers too large. */
const UNPARSED_PREFIX: ReadonlySet<number> = new Set([400, 408, 431])

/** Fastify's own shape. Without a code it never reached a handler of ours. */
function checkShape({ statusCode, headers, body }: Response, isRaw: boolean): void {
  if (!String(headers['content-type']).startsWith('application/json')) throw new Error(`no JSON: ${body}`)
  const parsed = JSON.parse(body) as Record<string, unknown>
  const isRight =
    parsed.statusCode === statusCode &&
    parsed.error === STATUS_CODES[statusCode] &&
    typeof parsed.message === 'string' &&
    Object.keys(parsed).every((name) => MEMBERS.has(name)) &&
    (/^(DRAWBRIDGE|FST)_/.test(String(parsed.code)) ||
      (parsed.code === undefined && (statusCode === 404 || (isRaw && UNPARSED_PREFIX.has(statusCode)))))
  if (!isRight) throw new Error(`not the shape of an error: ${body}`)
}

function checkUniform(headers: Response['headers'], body: string): void {
  // What the store was asked is said in development only, and this is development.
  const { date: _date, 'server-timing': _asked, 'www-authenticate': challenge, ...more } = headers
  // Headers of the connection, not of the response.
  const { connection: _connection, 'keep-alive': _keepAlive, ...others } = more
  const { code } = JSON.parse(body) as { code: string }
  const vary = others.vary
  const kind = `${code} ${String(challenge)} ${String(vary)}`
  const whole = JSON.stringify([Object.entries(others), body])
  const first = failures.get(kind) ?? whole
  failures.set(kind, first)
  if (whole !== first) throw new Error(`two rejections of one class differ:\n${whole}\n${first}`)
}
