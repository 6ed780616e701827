import express from 'express'
import jsonwebtoken, { type JwtPayload } from 'jsonwebtoken'
import type { Scenario } from '../harness/server.ts'
import { newClaims } from './claims.ts'
import { listen } from './express-listen.ts'
import { greetingFor, SECRET } from './greeting.ts'

/** The middleware of the usual tutorials. */
export const jsonWebToken: Scenario = async () => {
  const app = express()
  app.use((request, response, next) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ')
    jsonwebtoken.verify(token, SECRET, { algorithms: ['HS256'] }, (error, claims) => {
      if (error) return void response.status(401).end()
      response.locals.claims = claims
      next()
    })
  })
  app.get('/', (_request, response) => {
    response.json(greetingFor((response.locals.claims as JwtPayload).preferred_username as string))
  })
  const values = [`Bearer ${jsonwebtoken.sign(newClaims(), SECRET)}`]
  return { url: await listen(app), requests: { method: 'GET', path: '/', place: 'authorization', values } }
}
