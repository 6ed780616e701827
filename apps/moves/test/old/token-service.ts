import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import jsonwebtoken from 'jsonwebtoken'
import { TOKEN_SECRET } from '../secrets.ts'

/* A service that issues HS256 tokens with a user_id claim, which never expire, and stores nothing. Without timestamps (iat) all
   tokens of a user are the same text. */

const noTimestamp = process.env['TIMESTAMPS'] === 'off'

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/login') {
    const token = jsonwebtoken.sign({ user_id: url.searchParams.get('user') }, TOKEN_SECRET, { noTimestamp })
    return void response.end(JSON.stringify({ token }))
  }
  const user = readUser(request.headers.authorization)
  response.writeHead(user === null ? 401 : 200).end(user ?? '')
})

function readUser(authorization = ''): string | null {
  try {
    const claims = jsonwebtoken.verify(authorization.replace(/^Bearer /, ''), TOKEN_SECRET, {
      algorithms: ['HS256']
    })
    return typeof claims === 'string' ? null : String(claims['user_id'])
  } catch {
    return null
  }
}

server.listen(0, '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port} now`)
})
