/*
 * Requests to the service. A request presents the credentials that it names and no others: the cookie only where `cookie` is
 * true, a token only where there is one.
 */

const LOGIN_ID = /[\w-]{28}$/

/**
 * How a request went. `store`: what the server says that it asked of its store; null where it does not say. `retryAfter`: seconds
 * until the request may be repeated; null where the server does not say.
 */
export async function send(method, path, { cookie = false, token, json } = {}) {
  const request = `${method} ${path.replace(LOGIN_ID, (id) => `${id.slice(0, 8)}…`)}`
  try {
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      credentials: cookie ? 'same-origin' : 'omit',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' })
      },
      ...(json !== undefined && { body: JSON.stringify(json) })
    })
    const text = await response.text()
    return {
      request,
      ok: response.ok,
      status: response.status,
      statusText: response.statusText,
      store: readStore(response.headers.get('server-timing')),
      retryAfter: response.headers.get('retry-after'),
      body: text === '' ? null : JSON.parse(text)
    }
  } catch {
    return {
      request,
      ok: false,
      status: 0,
      statusText: 'The server cannot be reached',
      store: null,
      retryAfter: null,
      body: null
    }
  }
}

/** What the page cannot find out by itself, such as how the server sets the cookie. */
export async function fetchFacts() {
  return (await fetch('/page.json')).json()
}

function readStore(timing) {
  const [, ms, calls] = /^store;dur=([\d.]+);desc="([^"]*)"/.exec(timing ?? '') ?? []
  if (calls === undefined) return null
  return calls === 'not asked' ? 'store not asked' : `store asked: ${calls.replaceAll(' ', ', ')} (${ms} ms)`
}
