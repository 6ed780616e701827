import { state } from './carriers.js'
import { element, fact, formatTime } from './elements.js'

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
  const { id, carriers, createdAt, device, keyName } = login
  const name = keyName ?? device.label
  const button = element('button', { type: 'button', className: 'danger', text: 'Revoke' })
  const what =
    keyName === undefined
      ? `login of ${name}, signed in at ${formatTime(createdAt)}`
      : `token ${name}, made at ${formatTime(createdAt)}`
  button.setAttribute('aria-label', `Revoke the ${what}`)
  button.addEventListener('click', () => revoke(id))
  const summary = element('summary', { text: 'The whole record' })
  return element('li', {
    className: 'record',
    children: [
      element('div', {
        className: 'title',
        children: [element('h3', { text: name }), ...marksOf(id), button]
      }),
      element('p', {
        className: 'status',
        text: `Carriers: ${carriers.join(', ')}. ${keyName === undefined ? 'Signed in' : 'Made'} ${formatTime(createdAt)}, from ${device.address}.`
      }),
      element('details', { children: [summary, describeAll(login)] })
    ]
  })
}

function describeAll(login) {
  const { id, carriers, createdAt, authenticatedAt, lastSeenAt, expiresAt, device, scopes, keyName } = login
  const isKey = keyName !== undefined
  return element('dl', {
    className: 'facts',
    children: [
      fact('carriers', carriers.join(', '), describeCarriers(carriers)),
      fact('id', id, 'Public: it names the record, and proves nothing.'),
      fact('createdAt', formatTime(createdAt), isKey ? 'When you made it.' : 'When you signed in.'),
      fact(
        'authenticatedAt',
        formatTime(authenticatedAt),
        `When you presented your password${isKey ? ' before that' : ''}.`
      ),
      fact('lastSeenAt', formatTime(lastSeenAt), 'Written once per interval, not at each request.'),
      fact(
        'expiresAt',
        formatTime(expiresAt),
        `However much ${isKey ? 'or little it is used' : 'it is used; unused, it ends earlier'}.`
      ),
      fact('device', `${device.address}, ${device.userAgent}`, `What ${isKey ? 'made it' : 'signed in'}.`),
      fact('scopes', scopes.length === 0 ? 'none' : scopes.join(' '), 'What it may be used for.')
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

const CARRIERS = {
  session: 'The cookie.',
  token: 'The refresh token.',
  key: 'A personal access token.'
}

const describeCarriers = (carriers) =>
  carriers.length > 1 ? 'One record, two carriers: the cookie and the refresh token.' : CARRIERS[carriers[0]]
