/** The guard of a route is in the document, and the errors that a handler names. */
export default async function openapi({ app }) {
  await app.ready()
  const { paths, components } = app.swagger()
  const statuses = (path, method) => Object.keys(paths[path]?.[method]?.responses ?? {}).join()
  const found = [statuses('/orders', 'get'), statuses('/orders/{id}', 'delete'), statuses('/sign-in', 'post')]
  const expected = [
    '200,400,401,503',
    '200,400,401,403,503',
    '/sign-in' in paths ? '200,401,403,429,503' : ''
  ]
  if (found.join(' ') !== expected.join(' ')) throw new Error(`the responses are ${found.join(' ')}`)
  const security = JSON.stringify(paths['/orders/{id}'].delete.security)
  if (security !== '[{"session":["admin"]},{"token":["admin"]}]')
    throw new Error(`the security is ${security}`)
  const schemes = Object.keys(components.securitySchemes).join()
  if (schemes !== 'session,token') throw new Error(`the schemes are ${schemes}`)
}
