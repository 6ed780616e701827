import { testEveryEnding } from './every-ending.ts'

testEveryEnding('A19 whatever ends all logins of a user, on Postgres and Redis', 'postgres and redis')
