import t from 'tap'
import { isLocalPath, nextPath, withQuery } from '../../src/pages/local-path.ts'

const ORIGIN = 'https://app.example'

/** Paths of this origin, however suspicious. */
const LOCAL = [
  '/',
  '/orders',
  '/orders?page=2#item',
  '/orders?to=https://evil.example//',
  '/#//evil.example',
  '/%2F%2Fevil.example',
  '/%5Cevil.example',
  '/%09/evil.example',
  '/%0d%0aset-cookie:a=b',
  '/@evil.example',
  '/user:password@evil.example',
  '/javascript:alert(1)',
  '/:80',
  '/a//evil.example',
  '/a/../b',
  '/..',
  `/${'a'.repeat(1999)}`
]

/** What leads a browser, or code that reads URLs in another way, elsewhere. */
const FOREIGN = [
  '',
  '//',
  '//evil.example',
  '///evil.example',
  '////evil.example/..',
  '//evil.example:443',
  '//user@evil.example',
  '//app.example@evil.example',
  '//[::1]',
  '//%65vil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/orders\\..\\..\\evil',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '/\t\\evil.example',
  '/\u0000/evil.example',
  '/\u00a0/evil.example',
  '/\u2028/evil.example',
  '/\uff0fevil.example',
  '/\u3002evil',
  '/\ud800',
  ' //evil.example',
  ' /orders',
  '/orders ',
  '\t/orders',
  '\u0001/orders',
  '/./\u002fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/%2e%2E//evil.example',
  '/.%2e//evil.example',
  '/a/b/../..//evil.example',
  'https://evil.example',
  'https://app.example',
  'https:/orders',
  'https:orders',
  'HTTPS://evil.example',
  'https:///evil.example',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'javascript://%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://app.example/1',
  'about:blank',
  'orders',
  './orders',
  '../orders',
  '?a=b',
  '#a',
  '@evil.example',
  '.evil.example',
  `/${'a'.repeat(2000)}`
]

/** Printable, and short. */
const quote = (text: string) =>
  JSON.stringify(text.slice(0, 40)).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)

t.test('a path of this origin is one, however it looks', async (t) => {
  for (const path of LOCAL) {
    t.equal(isLocalPath(path), true, quote(path))
    t.equal(new URL(path, ORIGIN).origin, ORIGIN)
  }
})

t.test('what leads elsewhere, or is read in more than one way, is none', async (t) => {
  for (const path of FOREIGN) t.equal(isLocalPath(path), false, quote(path))
  for (const value of [undefined, null, 1, {}, ['/orders'], new String('/orders')])
    t.equal(isLocalPath(value), false, typeof value)
})

/** Pieces that URL parsers treat in a way of their own. */
const PIECES: readonly string[] = [
  ...'/ // \\ . .. %2e %2E %2f %5c %00 %09 % : @ ? # & = ; , | ^ ` [ ]'.split(' '),
  ...'a evil.example app.example local.invalid https: javascript: data: [::1] 127.1'.split(' '),
  ...'\t\n\r\0\v \u00a0\u2028\ufeff\uff0f\uff3c\ud800\u202e'.split('')
]

/** The same for each run: xorshift. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

t.test(
  'C21 whatever is accepted has our origin for a browser, from each page and as its own resolved form',
  async (t) => {
    const random = createRandom(20_261_127)
    const pages = [ORIGIN, `${ORIGIN}/login?next=%2F`, `${ORIGIN}/a/b/../c/`]
    const wrong: string[] = []
    let accepted = 0
    for (let run = 0; run < 200_000; run += 1) {
      const path = '/' + Array.from({ length: 1 + random(6) }, () => PIECES[random(PIECES.length)]).join('')
      if (!isLocalPath(path)) continue
      accepted += 1
      for (const page of pages) {
        const url = new URL(path, page)
        // A server that normalizes the path and redirects to it must not make another origin of it.
        const again = new URL(url.href.slice(ORIGIN.length), page)
        if (url.origin !== ORIGIN || again.href !== url.href || url.username !== '') wrong.push(path)
      }
    }
    t.ok(accepted > 10_000, `${accepted} were accepted`)
    t.same(wrong, [])
  }
)

t.test('nextPath reads one next of the query, or gives the fallback', async (t) => {
  const next = (query: string) => nextPath({ url: `/login?${query}` }, '/home')
  const encode = (path: string) => new URLSearchParams({ next: path }).toString()
  for (const path of LOCAL) t.equal(next(encode(path)), path, quote(path))
  for (const path of FOREIGN) t.equal(next(encode(path)), '/home', quote(path))
  // Decoded once: what is encoded twice stays a path.
  t.equal(next(`next=${encodeURIComponent(encodeURIComponent('//evil.example'))}`), '/home')
  t.equal(next(`next=/${encodeURIComponent(encodeURIComponent('/evil.example'))}`), '/%2Fevil.example')
  for (const query of [
    '',
    'next',
    'next=',
    'Next=/a',
    'next[]=/a',
    'next=/a&next=/a',
    'next=/a&%6eext=/b',
    'next=%FF',
    'next=%'
  ])
    t.equal(next(query), '/home', query)
  t.equal(nextPath({ url: '/login' }), '/')
})

t.test('withQuery adds to a path, and what it adds stays in its own member', async (t) => {
  t.equal(withQuery('/login', {}), '/login')
  t.equal(withQuery('/login', { next: '/a?b=c&next=/d#e' }), '/login?next=%2Fa%3Fb%3Dc%26next%3D%2Fd%23e')
  t.equal(withQuery('/login?lang=de', { error: 'a', next: '/' }), '/login?lang=de&error=a&next=%2F')
})
