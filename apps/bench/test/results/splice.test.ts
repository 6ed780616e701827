import t from 'tap'
import { splice } from '../../src/results/splice.ts'

const DOCUMENT = 'before\n<!-- a:start -->\nold\n<!-- a:end -->\nafter <!-- b:start --><!-- b:end -->\n'

t.test('one part of a document is replaced, and nothing else', async (t) => {
  const once = splice(DOCUMENT, 'a', 'new $1 $&')
  t.equal(
    once,
    'before\n<!-- a:start -->\n\nnew $1 $&\n\n<!-- a:end -->\nafter <!-- b:start --><!-- b:end -->\n'
  )
  t.equal(splice(once, 'a', 'new $1 $&'), once, 'any number of times')
})

t.test('a document without the marks is an error', async (t) => {
  for (const document of ['', '<!-- a:start -->', '<!-- a:end --><!-- a:start -->'])
    t.throws(() => splice(document, 'a', 'x'), /no marks for a/)
})
