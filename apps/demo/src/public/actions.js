import { by, byEither, forget, isAccepted, keepTokens, state } from './carriers.js'
import { send } from './server.js'

/*
 * What the buttons do, by name. Each resolves with the responses, in order. What they mean for the state is not concluded from
 * them: the server is asked afterwards.
 */

/** What the form of the sign-in has; a box that is not ticked is not sent. */
function readSignIn() {
  const fields = new FormData(document.querySelector('#sign-in form'))
  const json = { username: fields.get('username'), password: fields.get('password') }
  return { json, remember: fields.has('remember') }
}

const chosenNode = (carrier) => Number(document.querySelector(`#${carrier}-node`).value)

export const actions = {
  'session.signIn': async () => {
    const { json, remember } = readSignIn()
    const body = remember ? { ...json, remember } : json
    return [await send('POST', '/session/login', { cookie: true, json: body })]
  },
  'token.signIn': async () => [await getTokens('/token/login', { json: readSignIn().json })],

  'session.ask': () => ask('session'),
  'token.ask': () => ask('token'),

  'session.carry': async () => {
    // A refresh token can be had once. Whoever lost it, as by a reload, still gets access tokens.
    const { carriers = [] } = state.logins.find(({ id }) => id === state.session.loginId) ?? {}
    const json = carriers.includes('token') ? {} : { refresh_token: true }
    return [await getTokens('/exchange/session-for-token', { cookie: true, json })]
  },
  'token.carry': async () => {
    const json = { refresh_token: state.token.tokens.refresh_token }
    return [await send('POST', '/exchange/token-for-session', { cookie: true, json })]
  },
  'token.refresh': async () => [
    await getTokens('/token/refresh', { json: { refresh_token: state.token.tokens.refresh_token } })
  ],

  'session.logOut': async () => {
    const response = await send('POST', '/session/logout', by('session'))
    if (response.ok) forget('session')
    return [response]
  },
  'token.logOut': async () => {
    const { refresh_token } = state.token.tokens
    const proof = refresh_token === undefined ? by('token') : { json: { refresh_token } }
    const response = await send('POST', '/token/logout', proof)
    if (response.ok) forget('token')
    return [response]
  },
  'logins.logOut': async () => {
    const refresh_token = state.token.tokens?.refresh_token
    const response = await send('POST', '/logout', {
      cookie: true,
      ...by('token'),
      ...(refresh_token !== undefined && { json: { refresh_token } })
    })
    if (response.ok) for (const carrier of ['session', 'token']) forget(carrier)
    return [response]
  },

  'logins.revokeOthers': async () => [await send('POST', '/account/logins/revoke-others', byEither())],
  /** Where it was the login of this page, the server is asked by each carrier once more, to see what it says now. */
  'logins.revoke': async (id) => {
    const carriers = ['session', 'token'].filter(
      (carrier) => isAccepted(carrier) && state[carrier].loginId === id
    )
    const revoked = await send('DELETE', `/account/logins/${id}`, byEither())
    return revoked.ok ? [revoked, ...(await askAll(carriers))] : [revoked]
  }
}

async function getTokens(path, options) {
  const response = await send('POST', path, options)
  if (response.ok) keepTokens(response)
  return response
}

/** By the route of the carrier and by the one that takes either, or by that of another node. */
async function ask(carrier) {
  const node = chosenNode(carrier)
  const paths = node === 0 ? [`/${carrier}/protected`, '/protected'] : [`/nodes/${node}/protected`]
  const responses = []
  // One after the other: what the first one costs is no more to be paid by the second.
  for (const path of paths) responses.push(await send('GET', path, by(carrier)))
  state[carrier].costs = responses.filter(({ store }) => store !== null)
  return responses
}

async function askAll(carriers) {
  const asked = carriers.map((carrier) => send('GET', `/${carrier}/protected`, by(carrier)))
  if (carriers.length > 1) asked.push(send('GET', '/protected', { ...by('session'), ...by('token') }))
  return Promise.all(asked)
}
