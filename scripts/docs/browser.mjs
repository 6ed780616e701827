/**
 * Replaces `fetch` by one that does what a browser does on a page: it sends cookies to the origin that set them, from another
 * origin of the site only where it is asked to, says where the page is from, and lets it read what CORS allows. Every
 * origin is the same service.
 *
 * @param page the origin of the page; undefined for code that is no browser.
 * @returns the requests that were sent, as `POST /logout`.
 */
export function browse(app, page) {
  const sent = []
  const jars = new Map()
  globalThis.fetch = async (input, { method = 'GET', headers, body, credentials } = {}) => {
    const { origin, pathname } = new URL(input, page)
    const site = siteOf(page, origin)
    const hasCookies = site === 'same-origin' || (site === 'same-site' && credentials === 'include')
    const jar = hasCookies ? (jars.get(origin) ?? new Map()) : new Map()
    sent.push(`${method} ${pathname}`)
    const response = await app.inject({
      method,
      url: pathname,
      headers: {
        ...Object.fromEntries(new Headers(headers)),
        ...(page !== undefined && { origin: page, 'sec-fetch-site': site }),
        ...(jar.size > 0 && { cookie: [...jar].map((pair) => pair.join('=')).join('; ') })
      },
      ...(body !== undefined && { payload: body })
    })
    for (const { name, value } of response.cookies) jar.set(name, value)
    if (hasCookies) jars.set(origin, jar)
    if (!isReadable(response, page, site, credentials)) throw new TypeError('CORS does not allow it')
    return toResponse(response)
  }
  return sent
}

/** `Sec-Fetch-Site`, for names with a public suffix of one label. */
function siteOf(page, origin) {
  if (page === undefined || page === origin) return page && 'same-origin'
  const [from, to] = [page, origin].map((each) => new URL(each).hostname.split('.').slice(-2).join('.'))
  return from === to ? 'same-site' : 'cross-site'
}

function isReadable({ headers }, page, site, credentials) {
  if (page === undefined || site === 'same-origin') return true
  const isAllowed = ['*', page].includes(headers['access-control-allow-origin'])
  return isAllowed && (credentials !== 'include' || headers['access-control-allow-credentials'] === 'true')
}

function toResponse({ body, statusCode, headers }) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, String(each)])
  )
  return new Response(body, { status: statusCode, headers: lines })
}
