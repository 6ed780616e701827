import { byEither, isAccepted, keepTokens, secondsLeft, state } from './carriers.js'
import { bindForm, clearForm } from './forms.js'
import { send } from './server.js'

const dialog = document.querySelector('#step-up')
const form = dialog.querySelector('form')

/** Settles the question that is open: whether the user has authenticated. */
let settle = () => {}

/**
 * Sends a request by either carrier. Where the server says that the user authenticated too long ago, the user is asked for the
 * password, and the request is repeated, with the credential that the login has from then on.
 */
export async function sendFresh(method, path, json) {
  await refreshIfExpired()
  const request = () => send(method, path, { ...byEither(), json })
  const response = await request()
  if (response.body?.code !== 'DRAWBRIDGE_REAUTHENTICATE') return response
  return (await askForPassword()) ? request() : response
}

async function refreshIfExpired() {
  const refresh_token = state.token.tokens?.refresh_token
  if (isAccepted('session') || refresh_token === undefined || secondsLeft() > 0) return
  const response = await send('POST', '/token/refresh', { json: { refresh_token } })
  if (response.ok) keepTokens(response)
}

/** Resolves with whether the user has authenticated: not by closing the dialog. */
function askForPassword() {
  dialog.showModal()
  return new Promise((resolve) => (settle = resolve))
}

async function reauthenticate(fields) {
  const json = { password: fields.get('password') }
  const response = await send('POST', '/account/reauthenticate', { ...byEither(), json })
  if (response.body?.access_token !== undefined) keepTokens(response)
  return response
}

/** Beside the request that asked for it, which is still at work. */
async function actInside(form, work) {
  if (form.ariaBusy === 'true') return
  form.ariaBusy = 'true'
  try {
    const show = await work()
    show()
  } finally {
    form.ariaBusy = 'false'
  }
}

function finish() {
  settle(true)
  dialog.close()
  return { text: '' }
}

export function bindStepUp() {
  bindForm(form, actInside, reauthenticate, finish)
  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close())
  // By a button or by the Escape key.
  dialog.addEventListener('close', () => {
    settle(false)
    clearForm(form)
  })
}
