/** The guard of a route with zod schemas is in the document, beside the schema that has an id. */
export default async function openapiWithZod({ app }) {
  await app.ready()
  const { paths, components } = app.swagger()
  const statuses = Object.keys(paths['/orders'].get.responses).join()
  if (statuses !== '200,400,401,503') throw new Error(`the responses are ${statuses}`)
  for (const name of ['Order', 'DrawbridgeError'])
    if (!(name in components.schemas)) throw new Error(`there is no schema ${name}`)
}
