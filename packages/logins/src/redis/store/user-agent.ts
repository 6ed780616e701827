/*
 * A browser sends a user agent of some hundred characters, nearly all of them phrases that every browser
 * sends. Uncompressed they would be a quarter of what a login takes in Redis.
 *
 * A phrase is stored as ~ and its letter; ~ itself as ~~. This is a storage format: a letter never changes
 * its phrase, and new phrases get new letters.
 */
const PHRASES: Readonly<Record<string, string>> = {
  a: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  b: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
  c: 'Mozilla/5.0 (X11; Linux x86_64)',
  d: 'Mozilla/5.0 (Linux; Android 10; K)',
  e: 'Mozilla/5.0 (iPhone; CPU iPhone OS ',
  f: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:',
  g: ' AppleWebKit/537.36 (KHTML, like Gecko) Chrome/',
  h: '.0.0.0 Safari/537.36',
  i: '.0.0.0 Mobile Safari/537.36',
  j: ' like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/',
  k: ' AppleWebKit/605.1.15 (KHTML, like Gecko) Version/',
  l: ' Mobile/15E148 Safari/604.1',
  m: ' Safari/605.1.15',
  n: ' Gecko/20100101 Firefox/'
}
const ESCAPE = '~'
const lettersByPhrase = new Map(Object.entries(PHRASES).map(([letter, phrase]) => [phrase, letter]))

const escapeRegExp = (text: string) => text.replace(/[.()]/g, String.raw`\$&`)
const phrasesLongestFirst = [ESCAPE, ...lettersByPhrase.keys()].sort((a, b) => b.length - a.length)
const PHRASE_PATTERN = new RegExp(phrasesLongestFirst.map(escapeRegExp).join('|'), 'g')
const ESCAPE_PATTERN = /~(.?)/gs

/** The form in which a user agent is stored. */
export function compressUserAgent(userAgent: string): string {
  return userAgent.replace(PHRASE_PATTERN, (found) => ESCAPE + (lettersByPhrase.get(found) ?? ESCAPE))
}

/** The user agent of a stored form; null for what `compressUserAgent` cannot have written. */
export function expandUserAgent(compressed: unknown): string | null {
  if (typeof compressed !== 'string') return null
  let isValid = true
  const userAgent = compressed.replace(ESCAPE_PATTERN, (_, letter: string) => {
    const phrase = letter === ESCAPE ? ESCAPE : PHRASES[letter]
    isValid &&= phrase !== undefined
    return phrase ?? ''
  })
  return isValid ? userAgent : null
}
