import t from 'tap'
import { judge, type Truth } from './oracle.ts'

const users = ['ada', 'bob']
const signedIn: Truth = { user: 'ada', era: 1, isUnsure: false }
const signedOut: Truth = { user: null, era: 2, isUnsure: false }
const unsure: Truth = { user: 'ada', era: 3, isUnsure: true }
const served = (user: string) => ({ status: 200, user })
const rejected = { status: 401, user: null }

const cases = [
  ['who is signed in is served', signedIn, signedIn, served('ada'), 'right'],
  ['who is signed in is not', signedIn, signedIn, rejected, 'forced log-out'],
  ['who is signed in is redirected', signedIn, signedIn, { status: 302, user: null }, 'fault'],
  ['another user of this browser is served', signedIn, signedIn, served('bob'), 'wrong user'],
  ['who is signed out is not served', signedOut, signedOut, rejected, 'right'],
  ['who is signed out is', signedOut, signedOut, served('ada'), 'after log-out'],
  ['a log-out was answered in between, and it is served', signedIn, signedOut, served('ada'), 'right'],
  ['a log-out was answered in between, and it is not', signedIn, signedOut, rejected, 'right'],
  ['a log-out was sent, and not answered', unsure, unsure, rejected, 'right'],
  ['somebody else is served, whatever is true', unsure, unsure, served('eve'), 'wrong user'],
  ['the store is down', signedIn, signedIn, { status: 503, user: null }, 'unavailable'],
  ['a server fails, whatever is true', unsure, unsure, { status: 500, user: null }, 'fault']
] as const

for (const [name, sent, received, answer, verdict] of cases) {
  t.test(name, async (t) => t.equal(judge(sent, received, answer, users), verdict))
}
