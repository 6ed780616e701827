import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { createClient } from 'redis'
import type { Scenario, Setting } from '../harness/server.ts'
import { listen } from './express-listen.ts'
import { toCookieHeader, greetingFor, SECRET, USER } from './greeting.ts'

/** express-session with passport, which looks up the user per request, here in a Map. */
export const expressSession: Scenario = async (setting) => {
  const users = new Map([[USER.id, USER]])
  passport.serializeUser((user, done) => done(null, (user as typeof USER).id))
  passport.deserializeUser((id: string, done) => done(null, users.get(id) ?? false))
  const app = express()
  app.use(
    session({ secret: SECRET, resave: false, saveUninitialized: false, ...(await createStore(setting)) })
  )
  app.use(passport.session())
  app.post('/login', (request, response, next) => {
    request.login(USER, (error) => (error ? next(error) : response.json({})))
  })
  app.get('/', (request, response) => {
    if (!request.isAuthenticated()) return void response.status(401).end()
    response.json(greetingFor((request.user as typeof USER).username))
  })
  const url = await listen(app)
  const values: string[] = []
  while (values.length < (setting.credentials ?? 1)) {
    const response = await fetch(`${url}/login`, { method: 'POST' })
    await response.text()
    values.push(toCookieHeader(response.headers.getSetCookie()))
  }
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values } }
}

async function createStore({ store, redisUrl, prefix = '' }: Setting) {
  if (store !== 'redis' || redisUrl === undefined) return {}
  const client = await createClient({ url: redisUrl }).connect()
  return { store: new RedisStore({ client, prefix: `${prefix}express:` }) }
}
