import t from 'tap'
import { plainError } from '../src/index.ts'

class ReplyError extends Error {
  override readonly name = 'ReplyError'
  readonly command = { name: 'auth', args: ['user', 'hunter2'] }
  readonly code = 'NOAUTH'
}

t.test('T05: only name, code, message, stack and causes of a driver error are copied', async (t) => {
  const cause = new ReplyError('NOPERM this user has no permissions')
  const plain = plainError(Object.assign(new TypeError('it failed', { cause }), { row: 'hunter2' }))
  t.match(plain, { name: 'TypeError', message: 'it failed' })
  t.match(plain.stack, /^TypeError: it failed\n +at /)
  t.match(plain.cause, { name: 'ReplyError', message: cause.message, code: 'NOAUTH' })
  const members = (error: unknown) => Object.getOwnPropertyNames(error).toSorted()
  t.same(members(plain), ['cause', 'message', 'name', 'stack'])
  t.same(members(plain.cause), ['code', 'message', 'name', 'stack'])
})

t.test('T05: arguments that a server repeats in its message are removed', async (t) => {
  const message = "ERR unknown command 'AUTH', with args beginning with: 'user' 'hunter2' "
  const plain = plainError(new ReplyError(message))
  t.equal(plain.message, "ERR unknown command 'AUTH'")
  t.notMatch(plain.stack, 'hunter2')
})

t.test('a value that is no error becomes one', async (t) => {
  t.match(plainError('lost'), { name: 'Error', message: 'lost' })
  t.match(plainError(undefined), { message: 'undefined' })
  t.equal(plainError(Object.assign(new Error('x'), { code: { a: 1 } })).hasOwnProperty('code'), false)
})

t.test('a circular chain of causes ends', async (t) => {
  const one = new Error('one')
  one.cause = new Error('two', { cause: one })
  t.match(plainError(one), { message: 'one', cause: { message: 'two' } })
})
