import type { Test } from 'tap'
import type { Service } from './open-service.ts'

function formatResponse(status: string, challenge: string, body: object): string {
  const text = JSON.stringify(body)
  return [
    `HTTP/1.1 ${status}`,
    'cache-control: no-store',
    `www-authenticate: Bearer ${challenge}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${text.length}`,
    'Connection: close',
    '',
    text
  ].join('\r\n')
}

const unauthorized = {
  statusCode: 401,
  code: 'DRAWBRIDGE_UNAUTHORIZED',
  error: 'Unauthorized',
  message: 'Unauthorized'
}

/** The response to a rejected request: all bytes but the date, so that no cause can be distinguished. */
export const RESPONSES = {
  /** An invalid token is presented. */
  invalid: formatResponse('401 Unauthorized', 'realm="drawbridge", error="invalid_token"', unauthorized),
  /** No token is presented. */
  none: formatResponse('401 Unauthorized', 'realm="drawbridge"', unauthorized),
  ambiguous: formatResponse('400 Bad Request', 'realm="drawbridge", error="invalid_request"', {
    statusCode: 400,
    code: 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
    error: 'Bad Request',
    message: 'Bad Request'
  })
} as const

/** Tokens by what is wrong with them; with a cause of its own where it is not that of the others. */
export type Attacks = ReadonlyArray<readonly [label: string, token: string, cause?: string | undefined]>

/** Each is rejected with the bytes of its class; the log has the cause, and nothing of the token. */
export async function rejectsAll(t: Test, service: Service, cause: string, attacks: Attacks): Promise<void> {
  t.ok(attacks.length > 0, 'there is something to refuse')
  for (const [label, token, ownCause] of attacks) await rejects(t, service, label, token, ownCause ?? cause)
  t.equal((await service.getMe(service.createValidToken())).status, 200, 'a valid token is still accepted')
}

async function rejects(
  t: Test,
  service: Service,
  label: string,
  token: string,
  cause: string
): Promise<void> {
  service.lines.length = 0
  const { text } = await service.getMe(token)
  const log = service.lines.join('')
  const isCauseLogged = log.includes(`Unauthorized: ${cause}"`)
  const logged = token.split('.').filter((part) => part.length > 8 && log.includes(part))
  t.strictSame(
    { text, isCauseLogged, logged },
    { text: RESPONSES.invalid, isCauseLogged: true, logged: [] },
    label
  )
}
