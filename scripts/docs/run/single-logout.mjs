import { cookiesOf, expect } from '../sign-in.mjs'

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A sign-in by the provider is linked; what is no logout token is refused; and without its keys nothing is known. */
export default async function singleLogout({ app }) {
  const response = await expect(302, app.inject('/callback?code=ada'))
  if (cookiesOf(response) === '') throw new Error('no cookie was set')
  const send = (status, token) =>
    expect(
      status,
      app.inject({
        method: 'POST',
        url: '/backchannel-logout',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `logout_token=${token}`
      })
    )
  const refused = await send(400, 'garbage')
  if (refused.json().error !== 'invalid_request') throw new Error(refused.body)
  await send(503, `${encode({ alg: 'RS256', kid: 'one' })}.${encode({ iss: 'https://idp.example' })}.AAAA`)
}
