const account = { username: 'ada', password: 'correct horse battery staple' }

/** Registers somebody and logs them in. @returns the headers that show the login from here on. */
export async function logIn(app, credentials) {
  await credentials.register(account)
  const isSession = app.hasDecorator('sessionAuth')
  const url = isSession ? '/session/login' : '/token/login'
  const answer = await expect(200, app.inject({ method: 'POST', url, payload: account }))
  if (!isSession) return { authorization: `Bearer ${answer.json().token}` }
  return { cookie: answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
}

/** @returns the answer, where its status is the one that the document says. */
export async function expect(status, answering) {
  const answer = await answering
  if (answer.statusCode === status) return answer
  throw new Error(`answered ${answer.statusCode}, not ${status}: ${answer.body}`)
}
