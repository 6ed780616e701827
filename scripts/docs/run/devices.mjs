import { expect, signIn } from '../sign-in.mjs'

/** A user sees the devices, revokes one of them, and cannot revoke those of others. */
export default async function devices({ app, credentials }) {
  const [here, there] = [await signIn(app, credentials), await signIn(app, credentials)]
  const stranger = await signIn(app, credentials, 'bob')
  const list = (await expect(200, app.inject({ url: '/devices', headers: here }))).json()
  const other = list.find(({ isThisOne }) => !isThisOne)
  if (list.length !== 2 || other === undefined) throw new Error(`the list is ${JSON.stringify(list)}`)
  const revoke = (headers) => app.inject({ method: 'DELETE', url: `/devices/${other.id}`, headers })
  await expect(404, revoke(stranger))
  await expect(204, revoke(here))
  await expect(401, app.inject({ url: '/devices', headers: there }))
}
