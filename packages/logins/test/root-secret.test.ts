import * as v from 'valibot'
import t from 'tap'
import { parseOptions } from '@drawbridge/options'
import { deriveKeys, rootSecret } from '../src/root-secret.ts'

const schema = v.strictObject({ secret: rootSecret })
const parse = (secret: unknown) => parseOptions('sessionAuth', schema, { secret }).secret
const GOOD = 'qE7-8jW2_pLx0vR5tYb3nKs9dFh4gZc6'
const OTHER = '0123456789abcdefghijklmnopqrstuv'

t.test('a secret of 32 bytes, or a list of such secrets', (t) => {
  t.same(parse(GOOD), [GOOD])
  t.same(parse([GOOD, OTHER]), [GOOD, OTHER])
  t.same(parse('äöüßéèàçñõ'.repeat(2)), ['äöüßéèàçñõ'.repeat(2)], 'bytes count, not characters')
  t.ok(Object.isFrozen(parse([GOOD])))
  t.end()
})

t.test('a weak secret is rejected, and the message does not contain it', (t) => {
  const short = GOOD.slice(1)
  const withGap: string[] = [GOOD]
  withGap[2] = OTHER
  const weak = [
    withGap,
    short,
    [GOOD, short],
    [short, GOOD],
    'a'.repeat(64),
    'abcabcd'.repeat(9),
    '',
    [],
    [[GOOD]],
    5,
    {}
  ]
  for (const secret of [...weak, Buffer.from(GOOD)]) {
    const error = t.throws(() => parse(secret), { code: 'DRAWBRIDGE_OPTION' }) as Error
    t.match(error.message, /sessionAuth\.secret must be a string of 32 bytes or more/)
    t.notMatch(error.message, GOOD.slice(1, 6))
    t.notMatch(error.message, 'abc')
    t.equal(error.cause, undefined)
  }
  t.throws(() => parse(undefined), { message: 'DRAWBRIDGE_OPTION: sessionAuth.secret is missing' })
  t.end()
})

t.test('each secret and each purpose has a key of its own', (t) => {
  const [a, b] = deriveKeys([GOOD, OTHER], 'cookie') as [Buffer, Buffer]
  t.equal(a.length, 32)
  t.notSame(a, b)
  t.same(deriveKeys([OTHER], 'cookie'), [b])
  t.notSame(deriveKeys([GOOD], 'snapshot'), [a])
  t.end()
})
