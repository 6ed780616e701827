import { STATUS_CODES } from 'node:http'

/** Of whatever client. */
export interface Response {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface Expected {
  /** The text that the request was for: Fastify's 404 and the error for a bad URL say it again. */
  readonly url: string
  /** To HEAD there is no body. */
  readonly method?: string
  /** Whether a 503 can be: only where the hashing queue may be full or a store down. */
  readonly mayBeBusy?: boolean
  /** Whether it may come from where no route is known yet: the parser of HTTP. */
  readonly isRaw?: boolean
}

const MEMBERS: ReadonlySet<string> = new Set(['statusCode', 'code', 'error', 'message'])

/**
 * L10: what no answer to a bad request says: where our files are, what is used in which version, what a database
 * or Redis said.
 */
const INTERNALS =
  /node_modules|\/src\/|\.[jt]s:\d|\n\s+at |\d+\.\d+\.\d+|sqlite|postgres|redis|\bSELECT\b|\bINSERT\b|\bWRONGTYPE\b|\bNOSCRIPT\b|ERR_OSSL|FAST_JWT|argon2|ECONN|ENOENT/i

export const leaksInternals = (text: string): boolean => INTERNALS.test(text)

/** The 401s that were seen, by class: code and challenge. */
const failures = new Map<string, string>()

/** What holds for every answer, whatever was asked. Throws where it does not. */
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
  if (leaksInternals(text)) throw new Error(`an answer tells what is inside: ${body}`)
  if (statusCode === 401) checkUniform(headers, body)
}

/** What Node answers by itself: not HTTP, too slow, and headers too large. */
const UNPARSED_PREFIX: ReadonlySet<number> = new Set([400, 408, 431])

/** Fastify's own shape. What has no code is what no handler of ours ever saw. */
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
  if (!isRight) throw new Error(`not of the shape that errors have: ${body}`)
}

function checkUniform(headers: Response['headers'], body: string): void {
  const { date: _date, 'www-authenticate': challenge, ...more } = headers
  // Of the connection, not of the answer.
  const { connection: _connection, 'keep-alive': _keepAlive, ...others } = more
  const { code } = JSON.parse(body) as { code: string }
  const vary = others.vary
  const kind = `${code} ${String(challenge)} ${String(vary)}`
  const whole = JSON.stringify([Object.entries(others), body])
  const first = failures.get(kind) ?? whole
  failures.set(kind, first)
  if (whole !== first) throw new Error(`two refusals of one class differ:\n${whole}\n${first}`)
}
