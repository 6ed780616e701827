import { cookiesOf, expect } from '../sign-in.mjs'

/** A user that the provider names is signed in; one without an account is not. */
export default async function callback({ app }) {
  await expect(401, app.inject('/callback?code=eve'))
  const response = await expect(302, app.inject('/callback?code=ada'))
  if (cookiesOf(response) === '') throw new Error('no cookie was set')
}
