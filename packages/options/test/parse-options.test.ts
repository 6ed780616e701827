import * as v from 'valibot'
import t from 'tap'
import { clock, func, objectWithMethods, parseOptions, wholeNumber } from '../src/parse-options.ts'

interface Store {
  find(): void
  save(): void
}

const schema = v.strictObject({
  ttlSeconds: v.optional(wholeNumber(1, 60), 10),
  store: v.optional(objectWithMethods<Store>('a Store', 'find', 'save')),
  now: v.optional(clock()),
  onError: v.optional(func<() => void>()),
  name: v.optional(v.string()),
  cookie: v.optional(v.strictObject({ path: v.optional(v.string()) }))
})

const parse = (input: unknown) => parseOptions('logins', schema, input)

t.test('the result is a new frozen object, with the defaults', (t) => {
  const input = Object.freeze({ name: 'x' })
  const options = parse(input)
  t.same(options, { name: 'x', ttlSeconds: 10 })
  t.ok(Object.isFrozen(options))
  t.not(options as unknown, input)
  t.end()
})

t.test('an instance is passed on as it is', (t) => {
  class RealStore implements Store {
    find(): void {}
    save(): void {}
  }
  const store = new RealStore()
  const now = () => 5
  t.equal(parse({ store }).store, store)
  t.equal(parse({ now }).now, now)
  t.end()
})

t.test('the error names the wrong option and the value', (t) => {
  const assertRejected = (input: unknown, message: string) =>
    t.throws(() => parse(input), { name: 'OptionError', message: `DRAWBRIDGE_OPTION: ${message}` })
  for (const [got, formatted] of [
    ['15m', '"15m"'],
    [0, '0'],
    [61, '61'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [null, 'null']
  ]) {
    assertRejected(
      { ttlSeconds: got },
      `logins.ttlSeconds must be a whole number from 1 to 60, got ${formatted}`
    )
  }
  assertRejected({ ttlSeconds: 5n }, 'logins.ttlSeconds must be a whole number from 1 to 60, got 5')
  assertRejected({ ttl: 5 }, 'logins.ttl is not an option')
  assertRejected({ cookie: { Path: '/' } }, 'logins.cookie.Path is not an option')
  assertRejected({ name: 5 }, 'logins.name must be string, got 5')
  assertRejected({ onError: 5 }, 'logins.onError must be a function, got 5')
  assertRejected({ now: 5 }, 'logins.now must be a function that returns milliseconds, got 5')
  for (const now of [
    () => undefined,
    () => NaN,
    () => new Date(),
    () => {
      throw new Error('broken')
    }
  ]) {
    assertRejected({ now }, 'logins.now must be a function that returns milliseconds, got one that does not')
  }
  assertRejected({ store: { find() {} } }, 'logins.store must be a Store, got an object')
  assertRejected({ store: null }, 'logins.store must be a Store, got null')
  assertRejected({ store: () => {} }, 'logins.store must be a Store, got a function')
  assertRejected(undefined, 'logins is missing')
  assertRejected(5, 'logins must be an object, got 5')
  t.end()
})

t.test('a message contains no more of a value than necessary', (t) => {
  const message = (input: unknown) => (t.throws(() => parse(input)) as Error).message
  t.notMatch(message({ store: { url: 'redis://:s3cret@host' } }), 's3cret')
  t.notMatch(message({ ttlSeconds: ['s3cret'] }), 's3cret')
  t.ok(message({ ttlSeconds: 'x'.repeat(1000) }).length < 200)
  t.end()
})

t.test('M16: a value that could contain a secret is described by its type alone', (t) => {
  const secrets = [
    'redis://:s3cret@h',
    'postgres://app:s3cret@h/db',
    ':s3cret@h',
    's3cret',
    'a s3cret over and over, long'
  ]
  const places = (value: unknown) => [{ store: value }, { now: value }, value, [value], { cookie: value }]
  for (const secret of secrets) {
    const objects = [{ connectionString: secret }, [secret]]
    for (const input of [secret, ...objects].flatMap(places)) {
      try {
        parse(input)
        t.fail('must be rejected')
      } catch (error) {
        t.notMatch((error as Error).message, 's3cret')
        t.equal((error as Error).name, 'OptionError')
      }
    }
  }
  t.throws(() => parse({ store: 'redis://:s3cret@h' }), {
    message: 'DRAWBRIDGE_OPTION: logins.store must be a Store, got a string of 17 characters'
  })
  t.throws(() => parse({ ttlSeconds: 'postgres://app:s3cret@h/db' }), {
    message:
      'DRAWBRIDGE_OPTION: logins.ttlSeconds must be a whole number from 1 to 60, got a string of 26 characters'
  })
  t.end()
})
