import t from 'tap'
import { testPasswordChange, testSignInInFlight } from '@drawbridge/test-support/carriers/sign-in-in-flight'
import { token } from './carrier-under-test.ts'

t.test('a sign-in in flight fails after a change of password (S03)', (t) => testPasswordChange(t, token))

testSignInInFlight(token)
