/*
 * What this page knows of the two carriers. Of the cookie it has nothing but the server's word; the tokens are in this
 * variable and nowhere else: every script of the origin can read web storage.
 */
import { send } from './server.js'

/**
 * `status` of a carrier: 'none', 'accepted', 'rejected' (it was accepted before), 'expired' (the access token) or 'unsure' (the
 * server did not say). `loginId`: the record that it belongs to. `costs`: what the last requests asked of the store.
 */
export const state = {
  session: { status: 'none', loginId: null, costs: [] },
  token: { status: 'none', loginId: null, costs: [], tokens: null, expiresAt: 0 },
  logins: [],
  /** What the server says to the user; null to nobody. */
  greeting: null
}

export const isAccepted = (carrier) => state[carrier].status === 'accepted'

/** The credentials for a request by one carrier. */
export const by = (carrier) =>
  carrier === 'session' ? { cookie: true } : { token: state.token.tokens?.access_token }

/** An access token that came alone, and has expired, is of no more use: the cookie gives another. */
export function hasLiveToken() {
  const { status, tokens } = state.token
  return status === 'accepted' || (status === 'expired' && tokens.refresh_token !== undefined)
}

export const isSignedIn = () => isAccepted('session') || hasLiveToken()

/** The cookie if it is accepted, else the token if there is one. */
export const byEither = () => by(isAccepted('session') ? 'session' : 'token')

/** Forgets a carrier, which the client no longer has. */
export function forget(carrier) {
  Object.assign(state[carrier], { status: 'none', loginId: null, costs: [] })
  if (carrier === 'token') Object.assign(state.token, { tokens: null, expiresAt: 0 })
}

/** Keeps what a sign-in, a refresh or an exchange returned: an exchange may come without a refresh token. */
export function keepTokens(response) {
  // By the clock of this machine, which may differ from the server's: `exp` cannot be compared with it.
  const expiresAt = Date.now() + response.body.expires_in * 1000
  Object.assign(state.token, { tokens: response.body, expiresAt })
}

export const secondsLeft = () => (state.token.expiresAt - Date.now()) / 1000

/** Asks the server about both carriers, and for the records. Nothing is concluded from what was clicked before. */
export async function askAboutCarriers() {
  const present = state.token.tokens === null ? ['session'] : ['session', 'token']
  const responses = await Promise.all(present.map((carrier) => askAbout(carrier)))
  state.logins = responses.find(({ ok }) => ok)?.body.logins ?? []
  await askForGreeting()
}

async function askForGreeting() {
  if (!isAccepted('session') && !isAccepted('token')) return
  const { body } = await send('GET', '/protected', byEither())
  state.greeting = body?.message ?? null
}

async function askAbout(carrier) {
  const response = await send('GET', '/account/logins', by(carrier))
  if (response.ok) {
    const loginId = response.body.logins.find(({ current }) => current)?.id
    Object.assign(state[carrier], { status: 'accepted', loginId })
  } else if (response.status !== 401) state[carrier].status = 'unsure'
  else if (carrier === 'token') state.token.status = secondsLeft() > 0 ? 'rejected' : 'expired'
  else state.session.status = state.session.loginId === null ? 'none' : 'rejected'
  return response
}
