import { byEither, isAccepted, isSignedIn } from './carriers.js'
import { element, formatTime } from './elements.js'
import { bindForm, boxOf } from './forms.js'
import { showOutcome, showReason, showResponses } from './responses.js'
import { send } from './server.js'
import { explain } from './explain.js'
import { sendFresh } from './step-up.js'

const DAY_MS = 86_400_000

const section = document.querySelector('#keys')
const form = section.querySelector('form')
const made = section.querySelector('[data-part="new-key"]')
const field = made.querySelector('input')

/** The personal access tokens of the user, as the server lists them; null where it did not say. */
let keys = null

export async function askAboutKeys() {
  if (!isSignedIn()) keys = null
  // An access token that has expired is no reason to forget what was listed.
  if (!isAccepted('session') && !isAccepted('token')) return
  const response = await send('GET', '/account/tokens', byEither())
  keys = response.ok ? response.body.tokens : null
}

export function bindKeys(act) {
  bindForm(form, act, make, showMade)
  const clicks = { copy, ask: () => void act(made, ask), hide }
  for (const button of made.querySelectorAll('[data-key]'))
    button.addEventListener('click', clicks[button.dataset.key])
}

/** The scopes that the service knows, to be ticked. Which of them the user has is for the server to say. */
export function offerScopes({ scopes }) {
  const fieldset = section.querySelector('[data-part="scopes"]')
  fieldset.hidden = scopes.length === 0
  for (const scope of scopes) {
    const id = `scope-${scope}`
    const box = element('input', { type: 'checkbox', name: 'scopes', value: scope, id })
    const label = element('label', { for: id, children: [element('code', { text: scope })] })
    fieldset.append(element('p', { className: 'check', children: [box, label] }))
  }
}

/** @param act as that of the forms. */
export function renderKeys(act) {
  // Nobody who signs in here next is to see it.
  if (!isSignedIn()) hide()
  const list = section.querySelector('[data-part="keys"]')
  const hadFocus = list.contains(document.activeElement)
  list.replaceChildren(...describeKeys((key) => void act(list, () => revoke(key))))
  if (hadFocus) section.querySelector('summary').focus({ preventScroll: true })
  section.querySelector('[data-part="key-count"]').textContent = keys === null ? '' : String(keys.length)
}

function make(fields) {
  return sendFresh('POST', '/account/tokens', {
    name: fields.get('name'),
    scopes: fields.getAll('scopes'),
    expiresAt: Date.now() + Number(fields.get('days')) * DAY_MS
  })
}

function showMade({ body: { token, name } }) {
  made.hidden = false
  field.value = token
  field.focus({ preventScroll: true })
  field.select()
  return { text: `The token “${name}” is made. Copy it now: the server has only a hash of it.` }
}

function hide() {
  made.hidden = true
  field.value = ''
  made.querySelector('output').replaceChildren()
}

/** Without https or localhost browsers give no access to the clipboard. */
async function copy() {
  field.select()
  const isCopied = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false
  )
  showReason(
    made.querySelector('.response'),
    isCopied ? 'Copied.' : 'It is selected: copy it with the keyboard.'
  )
}

async function ask() {
  const responses = [await send('GET', '/protected', { token: field.value })]
  return () => showResponses(made.querySelector('.response'), responses)
}

async function revoke({ id, name }) {
  const response = await sendFresh('DELETE', `/account/tokens/${id}`)
  const text = response.ok ? `The token “${name}” is revoked.` : explain(response).text
  return () => showOutcome(boxOf(form), { text, response })
}

function describeKeys(revoke) {
  if (keys === null) return [element('li', { className: 'empty', text: 'The list cannot be read now.' })]
  if (keys.length === 0) return [element('li', { className: 'empty', text: 'You have none.' })]
  return keys.map((key) => describeKey(key, revoke))
}

function describeKey(key, revoke) {
  const { name, scopes, createdAt, lastUsedAt, expiresAt } = key
  const button = element('button', { type: 'button', className: 'danger', text: 'Revoke' })
  button.setAttribute('aria-label', `Revoke the token ${name}`)
  button.addEventListener('click', () => revoke(key))
  const facts = [
    `Scopes: ${scopes.length === 0 ? 'none' : scopes.join(', ')}`,
    `made ${formatTime(createdAt)}`,
    // Noted once per interval, of which the first begins when it is made.
    lastUsedAt === null ? 'no use noted yet' : `last used ${formatTime(lastUsedAt)}`,
    `ends ${formatTime(expiresAt)}`
  ]
  return element('li', {
    className: 'record',
    children: [
      element('div', { className: 'title', children: [element('h4', { text: name }), button] }),
      element('p', { className: 'status', text: `${facts.join('; ')}.` })
    ]
  })
}
