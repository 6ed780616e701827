import { subscribe } from 'node:diagnostics_channel'
import type { CredentialsEvent } from '../src/index.ts'
import { seedUser } from '../src/operations/seed-user.ts'
import { verify } from '../src/operations/verify.ts'
import { CHEAP_COST, createTestDependencies, PASSWORD } from './create-test-dependencies.ts'

/* A separate process, since the test is about an uncaught exception. */
const { deps } = createTestDependencies()
await seedUser(deps.users, { username: 'kim', password: PASSWORD }, CHEAP_COST)
subscribe('drawbridge:credentials', () => {
  throw new Error('broken')
})
subscribe('drawbridge:credentials', (message) => {
  console.log(`the other subscriber received ${(message as CredentialsEvent).type}`)
})
if (process.argv[2] === 'handled') {
  process.on('uncaughtException', ({ message }) => console.log(`uncaught: ${message}`))
}
const { ok } = await verify(deps, { username: 'kim', password: PASSWORD, address: '192.0.2.1' })
console.log(`verified: ${ok}`)
