import { createCredentials, createKyselyUserStore, createUsersTable } from '@drawbridge/credentials'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'

const database = new Database('users.db')
database.pragma('journal_mode = WAL')
const db = new Kysely({ dialect: new SqliteDialect({ database }) })
await createUsersTable(db)

const credentials = createCredentials({ users: createKyselyUserStore({ db }) })

const registered = await credentials.register({ username: 'Kim', password: 'a bicycle made of rain' })
console.log(registered) // { ok: true, user: { id: '…', username: 'Kim' }, passwordStamp: '…' }

const attempt = { username: 'kim', password: 'a bicycle made of rain', address: '192.0.2.1' }
console.log(await credentials.verify(attempt)) // { ok: true, user: { id: '…', username: 'Kim' }, passwordStamp: '…' }
console.log(await credentials.verify({ ...attempt, password: 'guess' })) // { ok: false, reason: 'invalid-credentials', … }
