import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkSingleRows } from './single-rows.ts'

t.test(
  'responses under load while Redis loses data: stored logins are served, and logged-out ones stay logged out',
  { skip: skipWithoutRedis },
  (t) => checkSingleRows(t, true)
)
