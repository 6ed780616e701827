/** A service with the settings of production starts, and reads the keys that the first block wrote. */
export default async function production({ app }) {
  const response = await app.inject('/.well-known/jwks.json')
  if (response.json().keys.length !== 1) throw new Error(`the key set is ${response.body}`)
  await app.close()
}
