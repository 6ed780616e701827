import t from 'tap'
import { outcomeError } from '../src/outcome-error.ts'

t.test('each outcome of a registration or a change of password has its response', async (t) => {
  const describe = (outcome: Parameters<typeof outcomeError>[0], usernameField?: string) => {
    const { statusCode, code, message, headers } = outcomeError(outcome, usernameField)
    return { statusCode, code, message, ...(headers && { headers }) }
  }
  const ok = false as const
  t.match(describe({ ok, reason: 'malformed', field: 'username' }, 'email'), {
    statusCode: 400,
    message: /^email must be/
  })
  t.match(describe({ ok, reason: 'malformed', field: 'newPassword' }), {
    message: /^newPassword must be text/
  })
  t.strictSame(describe({ ok, reason: 'policy', message: 'must have at least 15 characters' }), {
    statusCode: 400,
    code: 'DRAWBRIDGE_PASSWORD_POLICY',
    message: 'must have at least 15 characters'
  })
  t.match(describe({ ok, reason: 'policy', message: '100% of it is common' }), {
    message: '100% of it is common'
  })
  t.match(describe({ ok, reason: 'username-taken' }), { statusCode: 409, code: 'DRAWBRIDGE_USERNAME_TAKEN' })
  const wrong = outcomeError({ ok, reason: 'invalid-credentials', detail: 'wrong-password' })
  t.match(wrong, { statusCode: 403, code: 'DRAWBRIDGE_WRONG_PASSWORD' })
  t.notMatch(wrong.message, 'wrong-password', 'the detail is for the log')
  t.match(wrong.cause, { message: 'wrong-password' })
  const retry = { headers: { 'retry-after': '7' } }
  t.match(describe({ ok, reason: 'throttled', retryAfterSeconds: 7 }), { statusCode: 429, ...retry })
  t.match(describe({ ok, reason: 'busy', retryAfterSeconds: 7 }), { statusCode: 503, ...retry })
})
