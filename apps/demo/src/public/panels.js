import { secondsLeft, state } from './carriers.js'
import { describeToken } from './claims.js'
import { element, fact, formatSeconds, formatTime } from './elements.js'

const left = () =>
  element('strong', { className: 'left', 'data-part': 'seconds-left', text: formatSeconds(secondsLeft()) })

const BADGES = {
  none: ['Not signed in', ''],
  accepted: ['Signed in', 'good'],
  rejected: ['Rejected', 'bad'],
  expired: ['Expired', 'bad'],
  unsure: ['No answer', 'bad']
}

const STATUS = {
  session: {
    none: () => [
      'The browser has no cookie of ours, or one that is no longer valid. No script can tell which: this page asked the server.'
    ],
    accepted: () => ['The server accepts the cookie that the browser sends.'],
    rejected: () => ['The browser still has its cookie, and the server rejects it: the login is over.'],
    unsure: () => ['The server did not say whether it accepts the cookie.']
  },
  token: {
    none: () => ['This page has no token.'],
    accepted: () => ['The server accepts the token, for another ', left(), '.'],
    rejected: () => [
      'This page still has its token, with ',
      left(),
      ' to go, and the server rejects it: the login is over.'
    ],
    expired: () => ['The access token has expired.'],
    unsure: () => ['The server did not say whether it accepts the token.']
  }
}

/** The state of a carrier: a word or two, their tone, and a sentence. */
export function describeStatus(carrier) {
  const { status } = state[carrier]
  const [badge, tone] = BADGES[status]
  return { badge, tone, text: STATUS[carrier][status]() }
}

const MORE = {
  true: 'Only over https.',
  false: 'Over plain http too: this is development.'
}

/** How the server sets the cookie. Its value is the one thing that the page cannot show. */
export function describeCookie({ cookie: { name, path, secure, sameSite }, ...limits }) {
  return [
    fact(name, 'hidden from scripts', `document.cookie is ${JSON.stringify(document.cookie)} here.`),
    fact('HttpOnly', 'yes', 'Injected script cannot steal it, but can send requests with it from here.'),
    fact('SameSite', sameSite, 'Other sites cannot send it, except by a link to here.'),
    fact('Path', path, 'Sent with each request to this host, whatever the port.'),
    fact('Secure', secure ? 'yes' : 'no', MORE[secure]),
    describeExpiry(limits)
  ]
}

/** No script can tell whether the cookie survives the browser. What can be seen is how long its record may last. */
function describeExpiry({ sessionAbsoluteTimeoutSeconds }) {
  const login = state.logins.find(({ id }) => id === state.session.loginId)
  const lastsLong = login && login.expiresAt - login.createdAt > sessionAbsoluteTimeoutSeconds * 1000
  if (!lastsLong)
    return fact('Expires', 'not set', 'Gone when the browser closes; the server has a time limit of its own.')
  if (login.carriers.includes('token'))
    return fact('Expires', 'not known here', 'Set where you asked at the sign-in to stay signed in.')
  return fact('Expires', formatTime(login.expiresAt), 'You asked to stay signed in: it survives the browser.')
}

/** The access token claim by claim, and the refresh token. */
export function describeTokens() {
  const { tokens } = state.token
  if (tokens === null) return [element('p', { className: 'empty', text: 'No token to show.' })]
  const { access_token, refresh_token } = tokens
  return [
    element('h5', { text: 'Access token, decoded' }),
    element('dl', { className: 'facts', children: describeToken(access_token) }),
    element('h5', { text: 'Refresh token' }),
    element('dl', {
      className: 'facts',
      children: [
        refresh_token === undefined
          ? fact('none', 'the access token came alone', 'The cookie gives the next one.')
          : fact(
              'drbr_…',
              `${refresh_token.slice(0, 20)}…`,
              'A secret without claims, for one use: each refresh replaces it. One that is used twice was stolen from somebody, and revokes the login.'
            )
      ]
    })
  ]
}

/** The record that a carrier belongs to. */
export function describeRecordOf(carrier) {
  const { status, loginId } = state[carrier]
  const login = state.logins.find(({ id }) => id === loginId)
  if (status === 'rejected') return ['No record any more: it was revoked, or expired.']
  if (login === undefined) return ['No record that belongs to it.']
  const count = login.carriers.length === 1 ? 'one carrier' : 'two carriers'
  return [
    'One record, ',
    element('code', { text: `${login.id.slice(0, 8)}…` }),
    `, with ${count}: ${login.carriers.join(' and ')}. `,
    element('a', { href: '#logins', text: 'See it above' }),
    '.'
  ]
}

/** What the last requests by a carrier asked of the store. */
export function describeCost(carrier, { isProduction }) {
  const { costs } = state[carrier]
  const item = (...children) => element('li', { children })
  if (isProduction) return [item('Measured in development only.')]
  if (costs.length === 0) return [item('Ask, and see here what the server asked of its store.')]
  return costs.map(({ request, store }) => item(element('code', { text: request }), ` ${store}`))
}

/** What ends a login, as the service is configured. */
export function describeEnds(carrier, facts) {
  const [idle, absolute] =
    carrier === 'session'
      ? [facts.sessionIdleTimeoutSeconds, facts.sessionAbsoluteTimeoutSeconds]
      : [facts.refreshIdleTimeoutSeconds, facts.refreshAbsoluteTimeoutSeconds]
  return [
    'Log-out by either carrier: the record goes, and both with it.',
    `A revocation, here or on another device: at once, and on other nodes within ${facts.maxStalenessMs} ms.`,
    ...(carrier === 'token' ? ['A refresh token that is used twice.'] : []),
    ...(idle === 0 ? [] : [`${formatSeconds(idle)} without ${carrier === 'token' ? 'a refresh' : 'use'}.`]),
    `${formatSeconds(absolute)} after a sign-in by ${carrier === 'token' ? carrier : 'cookie'}. An exchange extends nothing.`,
    ...(carrier === 'token' ? [] : [describeRemembered(facts.remember)]),
    'A change of the password elsewhere, a reset of it, and the end of the account.'
  ]
}

function describeRemembered({ idleTimeoutSeconds: idle, absoluteTimeoutSeconds: absolute }) {
  const unused = idle === 0 ? '' : `${formatSeconds(idle)} without use, and `
  return `Where you asked to stay signed in: ${unused}${formatSeconds(absolute)} after the sign-in.`
}
