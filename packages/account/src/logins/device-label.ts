import Bowser from 'bowser'

/** Of a name that the library has taken from the text of the client. */
const PLAIN_NAME = /^[\w.!-][\w .!-]{0,39}$/
const PRODUCT = /^(?!Mozilla)([A-Za-z][\w.-]{0,31})(?:\/|$)/

/**
 * A few words for a device, such as "Chrome on Windows"; for a client that is no browser the product that it names
 * (RFC 9110 section 10.1.5). A client can send any text, so that only plain letters of it are used.
 */
export function deviceLabel(userAgent: string): string {
  return browserLabel(userAgent) ?? PRODUCT.exec(userAgent)?.[1] ?? 'Unknown device'
}

function browserLabel(userAgent: string): string | null {
  if (userAgent === '') return null
  const { browser, os } = Bowser.parse(userAgent)
  const names = [browser.name ?? '', os.name ?? '']
  return names.every((name) => PLAIN_NAME.test(name)) ? names.join(' on ') : null
}
