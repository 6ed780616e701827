import { bindAccount } from './account.js'
import { actions } from './actions.js'
import { askAboutCarriers, isAccepted, isSignedIn, secondsLeft, state } from './carriers.js'
import { bindDoors, renderDoors } from './doors.js'
import { element, formatSeconds } from './elements.js'
import { explain } from './explain.js'
import { askAboutKeys, bindKeys, offerScopes, renderKeys } from './keys.js'
import { askAboutMigration, describeOwnLogin, describePhases } from './migration.js'
import { obstacles } from './obstacles.js'
import {
  describeCookie,
  describeCost,
  describeEnds,
  describeRecordOf,
  describeStatus,
  describeTokens
} from './panels.js'
import { describeRecords } from './records.js'
import { showOutcome, showReason, showResponses } from './responses.js'
import { fetchFacts } from './server.js'
import { offerToShowPasswords } from './show-passwords.js'
import { bindStepUp } from './step-up.js'

const part = (name) => document.querySelector(`[data-part="${name}"]`)

/** One action at a time: the state that the next one is allowed by is not known before. */
let isBusy = false

/**
 * Does some work, asks the server how things are, and then shows what came of the work.
 *
 * @param place an element of the section that the work belongs to.
 * @param work resolves with what shows it.
 */
async function act(place, work) {
  if (isBusy) return
  const section = place.closest('section')
  isBusy = true
  section.setAttribute('aria-busy', 'true')
  try {
    const show = await work()
    await askServer()
    render()
    show()
  } finally {
    isBusy = false
    section.removeAttribute('aria-busy')
  }
}

async function run(name, section, ...rest) {
  if (isBusy) return
  const box = section.querySelector('.response')
  const obstacle = obstacles[name]?.() ?? null
  if (obstacle !== null) return showReason(box, obstacle)
  await act(section, async () => {
    const responses = await actions[name](...rest)
    return () => showAll(box, responses)
  })
}

/** With words for a sign-in that failed. What else is asked is answered by the response itself. */
function showAll(box, responses) {
  const [response] = responses
  if (!response.request.endsWith('/login') || response.ok) return showResponses(box, responses)
  showOutcome(box, { text: explain(response).text, response })
}

async function askServer() {
  await askAboutCarriers()
  await askAboutKeys()
  if (facts.migration !== null) await askAboutMigration()
}

async function askAgain() {
  await askServer()
  render()
}

function render() {
  for (const carrier of ['session', 'token']) renderCarrier(carrier)
  part('cookie').replaceChildren(...describeCookie(facts))
  part('tokens').replaceChildren(...describeTokens())
  renderAccount()
  const logins = document.querySelector('#logins')
  // From the first login on: what came of its end is shown there too.
  if (state.session.status !== 'none' || state.token.status !== 'none') logins.hidden = false
  const hadFocus = logins.querySelector('.records').contains(document.activeElement)
  logins.querySelector('.records').replaceChildren(...describeRecords(revoke))
  // The button that had it is gone.
  if (hadFocus) document.querySelector('#logins-title').focus({ preventScroll: true })
  renderMigration()
  renderObstacles()
  tick()
}

/** What is for users who are signed in, and what is for those who are not. */
function renderAccount() {
  const greeting = part('greeting')
  greeting.hidden = !isSignedIn()
  greeting.querySelector('strong').textContent = state.greeting ?? ''
  document.querySelector('#account').hidden = !isSignedIn()
  document.querySelector('#account-hint').hidden = facts.isProduction || isSignedIn()
  document.querySelector('#sign-in .check').hidden = isAccepted('session')
  renderDoors(isSignedIn(), facts)
  renderKeys(act)
}

function renderMigration() {
  const section = document.querySelector('#migration')
  section.hidden = facts.migration === null
  if (section.hidden) return
  part('migration-name').textContent = facts.migration
  section.querySelector('.status').textContent = describeOwnLogin()
  section.querySelector('.phases').replaceChildren(...describePhases())
}

function renderCarrier(carrier) {
  const { badge, tone, text } = describeStatus(carrier)
  const section = document.querySelector(`#${carrier}`)
  section.querySelector('.badge').textContent = badge
  section.querySelector('.badge').className = `badge ${tone}`
  section.querySelector('.status').replaceChildren(...text)
  part(`${carrier}-record`).replaceChildren(...describeRecordOf(carrier))
  part(`${carrier}-cost`).replaceChildren(...describeCost(carrier, facts))
  part(`${carrier}-end`).replaceChildren(
    ...describeEnds(carrier, facts).map((text) => element('li', { text }))
  )
}

/** Not `disabled`: the button stays in the order of the Tab key, where its reason is read out, and does not lose the focus. */
function renderObstacles() {
  for (const section of document.querySelectorAll('section:has(.reasons)')) {
    const namesByReason = new Map()
    for (const button of section.querySelectorAll('[data-do]')) {
      const reason = obstacles[button.dataset.do]()
      button.setAttribute('aria-disabled', String(reason !== null))
      button.removeAttribute('aria-describedby')
      if (reason === null) continue
      const names = namesByReason.get(reason) ?? []
      const id = `${section.id}-reason-${names.length === 0 ? namesByReason.size : [...namesByReason.keys()].indexOf(reason)}`
      button.setAttribute('aria-describedby', id)
      namesByReason.set(reason, [...names, button.textContent])
    }
    const reasons = [...namesByReason].map(([reason, names], at) =>
      element('p', { id: `${section.id}-reason-${at}`, text: `${names.join(', ')}: ${reason}` })
    )
    section.querySelector('.reasons').replaceChildren(...reasons)
  }
}

/** The seconds left, each second. They are in no live region: nobody wants to hear a countdown. */
function tick() {
  for (const place of document.querySelectorAll('[data-part="seconds-left"]')) {
    place.textContent = formatSeconds(secondsLeft())
  }
  if (state.token.status !== 'accepted' || secondsLeft() > 0) return
  state.token.status = 'expired'
  render()
}

const revoke = (id) => void run('logins.revoke', document.querySelector('#logins'), id)

function offerNodes({ nodes, node }) {
  if (nodes.length === 0) return
  for (const carrier of ['session', 'token']) {
    const options = nodes.map((url, at) =>
      at + 1 === node
        ? element('option', { value: '0', selected: '', text: `Node ${node}, which sent this page` })
        : element('option', { value: String(at + 1), text: `Node ${at + 1}, ${new URL(url).host}` })
    )
    document.querySelector(`#${carrier}-node`).replaceChildren(...options)
    document.querySelector(`#${carrier} .node`).hidden = false
  }
}

document.querySelector('#sign-in form').addEventListener('submit', (event) => {
  event.preventDefault()
  void run(event.submitter.dataset.do, document.querySelector('#sign-in'))
})

for (const button of document.querySelectorAll('button[type="button"][data-do]')) {
  button.addEventListener('click', () => void run(button.dataset.do, button.closest('section')))
}

bindStepUp()
bindDoors(act)
bindAccount(act)
bindKeys(act)
offerToShowPasswords()

// Another tab may have signed in or out meanwhile.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && !isBusy) void askAgain()
})

const facts = await fetchFacts()
for (const rule of document.querySelectorAll('[data-part="password-rule"]'))
  rule.textContent = `At least ${facts.passwordMinLength} characters: a sentence is easier to remember than signs.`
offerNodes(facts)
offerScopes(facts)
await askAgain()
setInterval(tick, 1000)
