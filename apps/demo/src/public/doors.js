import { bindForm, boxOf, clearForm } from './forms.js'
import { send } from './server.js'

/*
 * The ways in: the sign-in, and what helps those who cannot sign in. One of them is on the page at a time.
 */

const NAMES = ['sign-in', 'register', 'forgot', 'reset', 'verify']

const find = (name) => document.querySelector(`#${name}`)
const formOf = (name) => find(name).querySelector('form')

/** The token of the link that was opened last: in this variable and nowhere else. */
let linkToken = null

/** The account that was registered last, for its first sign-in. */
let registered = {}

export function bindDoors(act) {
  for (const button of document.querySelectorAll('[data-open]'))
    button.addEventListener('click', () => openDoor(button.dataset.open))
  bindForm(formOf('register'), act, register, welcome)
  bindForm(formOf('forgot'), act, askForLink, () => ({
    text: 'If there is such a user, the link is on its way. It can be used once, within 15 minutes.'
  }))
  bindForm(formOf('reset'), act, reset, () =>
    leadToSignIn('The new password is set, and every login of yours has ended. Sign in with it.')
  )
  bindForm(formOf('verify'), act, verify, () => leadToSignIn('The account is confirmed. Sign in.'))
  window.addEventListener('hashchange', takeLink)
  takeLink()
}

/** Offers what the service has, to those who are not signed in. */
export function renderDoors(isSignedIn, { account }) {
  const doors = document.querySelector('[data-part="doors"]')
  for (const button of doors.children) button.hidden = !account[button.dataset.open]
  doors.hidden = isSignedIn
}

function openDoor(name, focus = formOf(name).querySelector('input, button')) {
  for (const each of NAMES) find(each).hidden = each !== name
  if (name !== 'sign-in') clearForm(formOf(name))
  focus.focus()
}

async function register(fields) {
  registered = Object.fromEntries(fields)
  return send('POST', '/account/register', { json: registered })
}

/** 202: the service says by mail whether there is a new account, so that nobody finds out who has one. */
function welcome({ status }) {
  if (status === 202)
    return leadToSignIn('A link that confirms the account is on its way. Open it, and then sign in.')
  const { elements } = formOf('sign-in')
  for (const [name, value] of Object.entries(registered)) elements[name].value = value
  return leadToSignIn(
    'You have an account. Choose how to sign in.',
    formOf('sign-in').querySelector('button')
  )
}

const askForLink = (fields) =>
  send('POST', '/account/password/forgot', { json: { username: fields.get('username') } })

const reset = (fields) =>
  send('POST', '/account/password/reset', {
    json: { token: linkToken, newPassword: fields.get('newPassword') }
  })

const verify = () => send('POST', '/account/verify', { json: { token: linkToken } })

function leadToSignIn(text, focus) {
  openDoor('sign-in', focus)
  return { text, box: boxOf(formOf('sign-in')) }
}

/**
 * Takes the token of a mailed link from behind the `#`, which browsers send to no server, and removes it from the address and the
 * history.
 */
function takeLink() {
  const [, purpose, token] = /^#(reset|verify)=([\w-]+)$/.exec(location.hash) ?? []
  if (token === undefined) return
  history.replaceState(null, '', location.pathname + location.search)
  linkToken = token
  openDoor(purpose)
}
