import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkSingleRows } from './single-rows.ts'

t.test(
  'responses under load while Redis loses nothing: no user is logged out',
  { skip: skipWithoutRedis },
  (t) => checkSingleRows(t, false)
)
