// The token is in this variable and nowhere else: every script of the origin can read web storage.
let tokens = null

const json = (body) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const bearer = () => (tokens === null ? {} : { headers: { authorization: `Bearer ${tokens.token}` } })
const credentials = () => Object.fromEntries(new FormData(document.querySelector('#sign-in')))

const actions = {
  session: {
    signIn: () => call('POST', '/session/login', json(credentials())),
    hello: () => call('GET', '/session/protected'),
    logOut: () => call('POST', '/session/logout')
  },
  token: {
    signIn: async () => storeTokens(await call('POST', '/token/login', json(credentials()))),
    hello: () => call('GET', '/token/protected', bearer()),
    refresh: async () =>
      storeTokens(await call('POST', '/token/refresh', json({ refresh_token: tokens?.refresh_token ?? '' }))),
    logOut: async () => {
      const response = await call('POST', '/token/logout', bearer())
      if (response.ok) tokens = null
      return response
    }
  }
}

async function call(method, path, options = {}) {
  const response = await fetch(path, { method, ...options })
  return {
    request: `${method} ${path}`,
    ok: response.ok,
    status: `${response.status} ${response.statusText}`.trim(),
    body: await response.json()
  }
}

function storeTokens(response) {
  if (response.ok) tokens = response.body
  return response
}

let isBusy = false

async function run(carrier, name) {
  if (isBusy) return
  isBusy = true
  try {
    show(carrier, await actions[carrier][name]())
  } catch {
    show(carrier, { request: 'No response', ok: false, status: 'The server cannot be reached', body: null })
  } finally {
    isBusy = false
  }
}

function show(carrier, { request, ok, status, body }) {
  const lines = [
    element('span', 'request', request),
    element('span', `status ${ok ? 'good' : 'bad'}`, status)
  ]
  if (body !== null) lines.push(element('pre', '', JSON.stringify(body, shortened, 2)))
  document.querySelector(`[data-carrier=${carrier}] output`).replaceChildren(...lines)
}

/** Tokens are long; their beginning is enough to distinguish them. */
function shortened(key, value) {
  return key.endsWith('token') ? `${value.slice(0, 20)}…` : value
}

function element(name, className, text) {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

document.querySelector('#sign-in').addEventListener('submit', (event) => {
  event.preventDefault()
  void run(event.submitter.value, 'signIn')
})

for (const button of document.querySelectorAll('[data-do]')) {
  button.addEventListener('click', () => void run(...button.dataset.do.split('.')))
}
