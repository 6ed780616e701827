import t from 'tap'
import { compressUserAgent, expandUserAgent } from '../../../src/redis/store/user-agent.ts'

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
]

t.test('the user agents of common browsers are stored in a few characters', async (t) => {
  for (const userAgent of BROWSERS) {
    const short = compressUserAgent(userAgent)
    t.ok(short.length <= 24, short)
    t.equal(expandUserAgent(short), userAgent)
  }
})

t.test('any user agent comes back unchanged', async (t) => {
  const others = [
    '',
    'curl/8.5.0',
    '~',
    '~~',
    '~a',
    '~~a~',
    'a~',
    '\n~\n',
    'Chrome/~g é \ud83d\ude00',
    ' like Mac OS X)'
  ]
  const twice = BROWSERS.map(compressUserAgent)
  for (const userAgent of [...others, ...twice, BROWSERS.join('~')])
    t.equal(expandUserAgent(compressUserAgent(userAgent)), userAgent, JSON.stringify(userAgent))
})

t.test('a letter never changes its phrase, since stored logins use it', async (t) => {
  t.equal(expandUserAgent('~a~g142~h'), BROWSERS[0])
  t.equal(expandUserAgent('~b~k26.1~m'), BROWSERS[2])
  t.equal(expandUserAgent('~e18_7~j26.1~l'), BROWSERS[3])
  t.equal(expandUserAgent('~d~g142~i'), BROWSERS[4])
  t.equal(expandUserAgent('~c~g142~h'), BROWSERS[5])
  t.equal(expandUserAgent('~f145.0)~n145.0'), BROWSERS[6])
})

t.test('an unknown letter, or none, is invalid', async (t) => {
  for (const short of ['~', 'curl~', '~A', '~é', '~\n', '~a~?', '~~~'])
    t.equal(expandUserAgent(short), null, short)
})
