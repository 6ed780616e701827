import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkSingleRows } from './single-rows.ts'

t.test(
  'answers under load, and Redis keeps all it has: nobody is logged out',
  { skip: skipWithoutRedis },
  (t) => checkSingleRows(t, false)
)
