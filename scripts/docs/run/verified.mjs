import { account, expect } from '../sign-in.mjs'

/** A user who has registered can sign in once the address is confirmed, and a name that is taken gets the same response. */
export default async function verified({ app, sendMail }) {
  const post = (url, payload) => app.inject({ method: 'POST', url, payload })
  const nextMail = async () => {
    while (sendMail.sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
    return sendMail.sent.shift()
  }
  await expect(202, post('/account/register', account))
  const [, token] = (await nextMail()).split('#')
  await expect(401, post('/session/login', account))
  await expect(200, post('/account/verify', { token }))
  await expect(400, post('/account/verify', { token }))
  await expect(200, post('/session/login', account))
  await expect(202, post('/account/register', account))
  if (!(await nextMail()).includes('already')) throw new Error('the owner was not told')
}
