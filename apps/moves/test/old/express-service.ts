import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import { EXPRESS_SECRET } from '../secrets.ts'

/* A service with express-session and Redis, in a process of its own. Its users need no password. */

declare module 'express-session' {
  interface SessionData {
    passport?: { readonly user: string }
    at?: number
    writes?: number
  }
}

const client = createClient({ url: process.env['REDIS_URL'] ?? '' })
// It connects again by itself; what it asks for meanwhile fails.
client.on('error', () => {})
await client.connect()
const store = new RedisStore({ client, prefix: process.env['PREFIX'] ?? '' })

const app = express()
app.use(session({ secret: EXPRESS_SECRET, store, resave: false, saveUninitialized: false }))

app.post('/login', (request, response, next) => {
  request.session.regenerate((error) => {
    if (error) return next(error)
    const { user } = request.query
    request.session.passport = { user: typeof user === 'string' ? user : '' }
    request.session.at = Date.now()
    request.session.save((failed) => (failed ? next(failed) : response.end()))
  })
})

app.get('/me', (request, response) => {
  const user = request.session.passport?.user
  response.status(user === undefined ? 401 : 200).end(user)
})

app.post('/write', (request, response) => {
  const user = request.session.passport?.user
  if (user === undefined) return void response.status(401).end()
  request.session.writes = (request.session.writes ?? 0) + 1
  response.end(user)
})

app.post('/logout', (request, response, next) => {
  request.session.destroy((error) => (error ? next(error) : response.end()))
})

const server = app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as { port: number }).port} now`)
})
