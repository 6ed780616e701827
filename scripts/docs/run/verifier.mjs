import { expect } from '../sign-in.mjs'

/** Neither Redis nor the issuer is there: what is no token is rejected all the same, and a token would be a 503. */
export default async function verifier({ app }) {
  await expect(401, app.inject('/orders'))
  await expect(401, app.inject({ url: '/orders', headers: { authorization: 'Bearer abc' } }))
  const header = Buffer.from('{"alg":"EdDSA","typ":"at+jwt","kid":"a"}').toString('base64url')
  await expect(503, app.inject({ url: '/orders', headers: { authorization: `Bearer ${header}.e30.AAAA` } }))
}
