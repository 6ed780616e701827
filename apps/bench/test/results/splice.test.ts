import t from 'tap'
import { splice } from '../../src/results/splice.ts'

const DOCUMENT = 'before\n<!-- a:start -->\nold\n<!-- a:end -->\nafter <!-- b:start --><!-- b:end -->\n'

t.test('a part of a document is written anew, and nothing else of it', async (t) => {
  const once = splice(DOCUMENT, 'a', 'new $1 $&')
  t.equal(
    once,
    'before\n<!-- a:start -->\n\nnew $1 $&\n\n<!-- a:end -->\nafter <!-- b:start --><!-- b:end -->\n'
  )
  t.equal(splice(once, 'a', 'new $1 $&'), once, 'as often as one likes')
})

t.test('a document without a place for it is a fault', async (t) => {
  for (const document of ['', '<!-- a:start -->', '<!-- a:end --><!-- a:start -->'])
    t.throws(() => splice(document, 'a', 'x'), /no place for a/)
})
