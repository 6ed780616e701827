import t from 'tap'
import { parseNewKey } from '../../src/keys/parse-new-key.ts'
import { newKey, START } from '../make-app.ts'

const parse = (changes: object) => parseNewKey(newKey(START, changes), START, 3600)

t.test('what a key can be made of is taken, without what else is there', (t) => {
  t.strictSame(parse({ id: 'x', scopes: ['read', 'write', 'read'] }), {
    ...newKey(START),
    scopes: ['read', 'write']
  })
  for (const name of ['d', 'é ключ 鍵', 'x'.repeat(100), '"]]']) t.equal(parse({ name }).name, name)
  t.strictSame(parse({ scopes: [] }).scopes, [])
  t.equal(parse({ expiresAt: START + 1 }).expiresAt, START + 1)
  t.end()
})

t.test('for anything else the error names the member and has nothing of the value', (t) => {
  const wrong: ReadonlyArray<readonly [string, readonly unknown[]]> = [
    [
      'name',
      [undefined, null, 5, '', ' ', 'x'.repeat(101), 'a\nb', 'a\u202eb', 'a\u0000', '\ud800', ['deploy']]
    ],
    ['scopes', [undefined, null, 'read', [5], [''], ['a b'], ['"'], Array(101).fill('read'), Array(2), {}]],
    [
      'expiresAt',
      [
        undefined,
        null,
        START,
        START - 1,
        0,
        -1,
        START + 1.5,
        NaN,
        Infinity,
        `${START + 5}`,
        START + 3_600_001
      ]
    ]
  ]
  for (const [member, values] of wrong) {
    for (const value of values) {
      t.throws(
        () => parse({ [member]: value }),
        {
          code: 'DRAWBRIDGE_MALFORMED_KEY',
          statusCode: 400,
          message: new RegExp(`^${member} must be [\\w -,]+$`)
        },
        `${member}: ${JSON.stringify(value)}`
      )
    }
  }
  for (const input of [undefined, null, 5, 'text', []])
    t.throws(() => parseNewKey(input, START, 3600), { code: 'DRAWBRIDGE_MALFORMED_KEY' })
  t.end()
})
