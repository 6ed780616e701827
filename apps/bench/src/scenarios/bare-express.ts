import express from 'express'
import type { Scenario } from '../harness/server.ts'
import { listen } from './express-listen.ts'
import { greetingFor, USER } from './greeting.ts'

/** The floor of scenarios on Express. */
export const bareExpress: Scenario = async () => {
  const app = express()
  app.get('/', (_request, response) => void response.json(greetingFor(USER.username)))
  return { url: await listen(app), requests: { method: 'GET', path: '/', place: 'cookie', values: ['a=b'] } }
}
