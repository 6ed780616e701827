import { hasLiveToken, isAccepted, state } from './carriers.js'

/** Why an action cannot be done now; null where it can. By name of the action. */
export const obstacles = {
  'session.signIn': () =>
    isAccepted('session') ? 'the cookie carries a login already; log out by cookie first.' : null,
  'token.signIn': () => (hasLiveToken() ? 'this page has a token already; log out by token first.' : null),
  'session.ask': () => null,
  'token.ask': () => null,
  'session.carry': () => {
    if (!isAccepted('session')) return NO_SESSION
    if (!hasLiveToken()) return null
    return isSameLogin()
      ? 'the token carries this login already.'
      : 'the token is of another login; log out by token first.'
  },
  'session.logOut': () => (state.session.status === 'none' ? NO_SESSION : null),
  'token.refresh': () => whyNoRefreshToken('the access token came alone; the cookie gives the next one.'),
  'token.carry': () => {
    const obstacle = whyNoRefreshToken(
      'this takes a refresh token, and the access token came alone: what is short-lived never gives what lives longer.'
    )
    if (obstacle !== null || !isAccepted('session')) return obstacle
    return isSameLogin()
      ? 'the cookie carries this login already.'
      : 'the cookie is of another login; log out by cookie first.'
  },
  'token.logOut': () => {
    if (state.token.tokens === null) return NO_TOKEN
    return state.token.status === 'rejected' ? IS_OVER : null
  },
  'logins.revokeOthers': () => {
    if (!isAccepted('session') && !isAccepted('token')) return 'you are not signed in.'
    return state.logins.length < 2 ? 'there are no others.' : null
  },
  'logins.logOut': () =>
    state.session.status === 'none' && state.token.tokens === null ? 'you are not signed in.' : null
}

const NO_SESSION = 'there is no login by cookie.'
const NO_TOKEN = 'this page has no token.'
const IS_OVER = 'the login is over.'

function whyNoRefreshToken(cameAlone) {
  const { status, tokens } = state.token
  if (tokens === null) return NO_TOKEN
  if (status === 'rejected') return IS_OVER
  return tokens.refresh_token === undefined ? cameAlone : null
}

const isSameLogin = () => state.session.loginId === state.token.loginId
