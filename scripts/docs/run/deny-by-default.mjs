import { expect } from '../sign-in.mjs'

/** Every route that is not marked as public is guarded by the one line. */
export default async function denyByDefault({ app }) {
  app.get('/private', () => 'no')
  await expect(200, app.inject({ url: '/health' }))
  await expect(401, app.inject({ url: '/private' }))
}
