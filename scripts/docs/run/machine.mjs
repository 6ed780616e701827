import { browse } from '../browser.mjs'
import { account } from '../sign-in.mjs'

/** It signs in when it has no token, and again when its login was revoked. */
export default async function machine({ app, credentials, callAsMachine }) {
  app.get('/orders', { onRequest: app.bridge.guard }, (request) => request.principal)
  await credentials.register({ ...account, username: 'nightly-report' })
  process.env.REPORT_PASSWORD = account.password
  const sent = browse(app)
  const call = async () => (await (await callAsMachine('https://api.example.com/orders')).json()).loginId

  const loginId = await call()
  if ((await call()) !== loginId) throw new Error('each call signs in')
  await app.tokenAuth.revoke(loginId)
  const next = await call()
  const signIns = sent.filter((request) => request === 'POST /token/login').length
  if (next === undefined || next === loginId || signIns !== 2)
    throw new Error(`these were sent: ${sent.join(', ')}`)
}
