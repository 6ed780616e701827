const account = { username: 'ada', password: 'correct horse battery staple' }

/** Registers a user and signs the user in. @returns the headers that authenticate later requests. */
export async function signIn(app, credentials) {
  await credentials.register(account)
  const isSession = app.hasDecorator('sessionAuth')
  const url = isSession ? '/session/login' : '/token/login'
  const response = await expect(200, app.inject({ method: 'POST', url, payload: account }))
  if (!isSession) return { authorization: `Bearer ${response.json().access_token ?? response.json().token}` }
  return { cookie: response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
}

/** @returns the response, where its status is the one that the document names. */
export async function expect(status, pending) {
  const response = await pending
  if (response.statusCode === status) return response
  throw new Error(`the status is ${response.statusCode}, not ${status}: ${response.body}`)
}
