import { element } from './elements.js'

/** How many characters of a token are shown: enough to distinguish it. */
const SHOWN = 20

/**
 * Shows responses in the box of a section, within the window. What is said aloud is the short form; the tokens of a response
 * follow below it.
 */
export function showResponses(box, responses) {
  show(box, responses.map(describe))
  const tokens = responses.find(({ ok, body }) => ok && body?.access_token !== undefined)
  if (tokens !== undefined) box.append(element('pre', { text: JSON.stringify(tokens.body, shorten, 2) }))
}

/** Shows what came of a form: a sentence, and the response that it was made of. */
export function showOutcome(box, { text, response }) {
  show(box, [element('span', { className: response.ok ? 'good' : 'bad', text }), describe(response)])
}

/** Shows why a click did nothing. */
export function showReason(box, reason) {
  show(box, [element('span', { text: reason })])
}

function show(box, lines) {
  const [output, ...older] = box.children
  for (const each of older) each.remove()
  output.replaceChildren(...lines)
  output.scrollIntoView({ block: 'nearest' })
}

function describe({ request, ok, status, statusText, store, body }) {
  const parts = [
    element('span', { className: 'request', text: request }),
    element('strong', { className: ok ? 'good' : 'bad', text: `${status || ''} ${statusText}`.trim() })
  ]
  const message = body?.message ?? summarize(body)
  if (message !== null && message !== statusText) parts.push(element('span', { text: message }))
  if (store !== null) parts.push(element('span', { className: 'store', text: store }))
  return element('span', { className: 'exchange', children: parts.flatMap((part) => [part, ' ']) })
}

function summarize(body) {
  if (body?.revoked !== undefined) return `${body.revoked} revoked`
  if (body?.refresh_token !== undefined) return 'An access token and a refresh token'
  return body?.access_token === undefined ? null : 'An access token'
}

function shorten(key, value) {
  return /^(access_|refresh_)?token$/.test(key) ? `${value.slice(0, SHOWN)}…` : value
}
