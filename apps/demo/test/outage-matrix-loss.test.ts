import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkSingleRows } from './single-rows.ts'

t.test(
  'answers under load, and Redis loses what it has: whose log-in it kept is served, and who has logged out stays so',
  { skip: skipWithoutRedis },
  (t) => checkSingleRows(t, true)
)
