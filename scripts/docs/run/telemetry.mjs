import { expect } from '../sign-in.mjs'

/** The metrics are served in the format of Prometheus, and say what has happened. */
export default async function telemetry({ app, metrics, credentials, telemetry }) {
  const account = { username: 'ada', password: 'correct horse battery staple' }
  await credentials.register(account)
  await expect(200, app.inject({ method: 'POST', url: '/session/login', payload: account }))
  const [{ port }] = metrics.addresses()
  const response = await fetch(`http://localhost:${port}/metrics`)
  const text = await response.text()
  await metrics.close()
  await app.close()
  if (!telemetry.isActive || !/^drawbridge_sign_ins_total\{.*"succeeded".*\} 1$/m.test(text))
    throw new Error(`the metrics are ${text}`)
}
