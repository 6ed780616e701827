/** A login has an event when it is created, and one when it is revoked, with the node, who and why. */
export default async function audit({ logins, lines }) {
  const login = await logins.create({
    user: { id: '42', username: 'ada' },
    device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
    idleTimeoutSeconds: 60,
    absoluteTimeoutSeconds: 60,
    session: { secretHash: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' }
  })
  await logins.revoke(login.id, { by: 'admin', reason: 'ticket 12' })
  await logins.close()
  const [created, revoked, ...others] = lines.map((line) => JSON.parse(line))
  const isRight =
    created.type === 'login-created' &&
    revoked.type === 'login-revoked' &&
    revoked.by === 'admin' &&
    revoked.reason === 'ticket 12' &&
    revoked.node === 'web 1' &&
    others.length === 0
  if (!isRight) throw new Error(`the lines are ${lines.join('\n')}`)
}
