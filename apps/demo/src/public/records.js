import { state } from './carriers.js'
import { element, fact, formatTime } from './elements.js'

const BROWSERS = [
  ['Edge', /Edg\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//]
]
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/]
]

/** The records of the user, as list items; each has a button that revokes it. */
export function describeRecords(revoke) {
  if (state.logins.length > 0) return state.logins.map((login) => describeRecord(login, revoke))
  const isOver = state.session.status === 'rejected' || state.token.status === 'rejected'
  const text = isOver
    ? 'No carrier here is accepted any more, so the list cannot be read. Sign in to see it again.'
    : 'Sign in to see your logins.'
  return [element('li', { className: 'empty', text })]
}

function describeRecord(login, revoke) {
  const { id, carriers, createdAt, authenticatedAt, lastSeenAt, expiresAt, device, scopes } = login
  const name = nameDevice(device.userAgent)
  const button = element('button', { type: 'button', className: 'danger', text: 'Revoke' })
  button.setAttribute('aria-label', `Revoke the login of ${name}, signed in at ${formatTime(createdAt)}`)
  button.addEventListener('click', () => revoke(id))
  return element('li', {
    className: 'record',
    children: [
      element('div', {
        className: 'title',
        children: [element('h3', { text: name }), ...marksOf(id), button]
      }),
      element('dl', {
        className: 'facts',
        children: [
          fact('carriers', carriers.join(', '), describeCarriers(carriers)),
          fact('id', id, 'Public: it names the record, and proves nothing.'),
          fact('createdAt', formatTime(createdAt), 'When you signed in.'),
          fact('authenticatedAt', formatTime(authenticatedAt), 'When you presented your password.'),
          fact('lastSeenAt', formatTime(lastSeenAt), 'Written once per interval, not at each request.'),
          fact('expiresAt', formatTime(expiresAt), 'However much it is used; unused, it ends earlier.'),
          fact('device', `${device.address}, ${device.userAgent}`, 'As the sign-in described it.'),
          fact('scopes', scopes.length === 0 ? 'none' : scopes.join(' '), 'What it may be used for.')
        ]
      })
    ]
  })
}

/** Which of the carriers of this page belong to the record. */
function marksOf(id) {
  const marks = []
  if (state.session.loginId === id) marks.push('this cookie')
  if (state.token.loginId === id) marks.push('this token')
  return marks.map((text) => element('span', { className: 'badge good', text }))
}

function describeCarriers(carriers) {
  if (carriers.length > 1) return 'One record, two carriers: the cookie and the refresh token.'
  return carriers[0] === 'session' ? 'The cookie.' : 'The refresh token.'
}

function nameDevice(userAgent) {
  const find = (names) => names.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const browser = find(BROWSERS)
  if (browser === undefined) return userAgent.split(' ', 1)[0] || 'Unknown device'
  return `${browser} on ${find(SYSTEMS) ?? 'an unknown system'}`
}
