import { forget, keepTokens } from './carriers.js'
import { bindForm, boxOf } from './forms.js'
import { sendFresh } from './step-up.js'

const find = (name) => document.querySelector(`#${name} form`)

/** What signed-in users do with their account, by whichever carrier they have. */
export function bindAccount(act) {
  bindForm(find('change'), act, changePassword, ({ body }) => ({
    text: `The password is changed, and all other logins of yours have ended. This one has new ${body.access_token === undefined ? 'cookie' : 'tokens'}.`
  }))
  bindForm(find('delete'), act, deleteAccount, () => {
    // The button that had the focus is gone.
    find('sign-in').querySelector('input').focus({ preventScroll: true })
    return {
      text: 'Your account is deleted, and every login of it has ended.',
      box: boxOf(find('sign-in'))
    }
  })
}

async function changePassword(fields) {
  const response = await sendFresh('POST', '/account/password', Object.fromEntries(fields))
  if (response.body?.access_token !== undefined) keepTokens(response)
  return response
}

async function deleteAccount() {
  const response = await sendFresh('DELETE', '/account')
  if (response.ok) for (const carrier of ['session', 'token']) forget(carrier)
  return response
}
