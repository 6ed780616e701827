const password = 'correct horse battery staple'

export const account = { username: 'ada', password }

/** Registers a user and signs the user in. @returns the headers that authenticate later requests. */
export async function signIn(app, credentials, username = account.username) {
  await credentials.register({ username, password })
  const isSession = app.hasDecorator('sessionAuth')
  const url = isSession ? '/session/login' : '/token/login'
  const payload = { username, password }
  const response = await expect(200, app.inject({ method: 'POST', url, payload }))
  if (!isSession) return { authorization: `Bearer ${response.json().access_token}` }
  return { cookie: cookiesOf(response) }
}

/** The Cookie header that a browser would send after a response. */
export function cookiesOf({ cookies }) {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** @returns the response, where its status is the one that the document names. */
export async function expect(status, pending) {
  const response = await pending
  if (response.statusCode === status) return response
  throw new Error(`the status is ${response.statusCode}, not ${status}: ${response.body}`)
}
