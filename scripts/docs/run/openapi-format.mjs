/** An error of our own routes is described in the format of the service. */
export default async function openapiFormat({ transformObject }) {
  const value = {
    statusCode: 401,
    code: 'DRAWBRIDGE_UNAUTHORIZED',
    error: 'Unauthorized',
    message: 'Unauthorized'
  }
  const content = { 'application/json': { schema: {}, examples: { [value.code]: { value } } } }
  const responses = { 401: { description: 'Not valid.', content } }
  const { paths } = transformObject({ openapiObject: { paths: { '/refresh': { post: { responses } } } } })
  const { examples } = paths['/refresh'].post.responses[401].content['application/problem+json']
  const { type } = examples[value.code].value
  if (type !== `https://api.example.com/errors/${value.code}`) throw new Error(`the type is ${type}`)
}
