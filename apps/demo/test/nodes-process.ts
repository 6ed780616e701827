import type { AddressInfo } from 'node:net'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'

/*
 * Several nodes of a service in one process, for a test with more nodes than the machine has cores: they share
 * nothing but the process. It exits with its parent.
 */
const count = Number(process.argv[2])
const urls: string[] = []
for (let made = 0; made < count; made++) {
  const app = await buildApp(readConfig(process.env))
  await app.listen({ host: '127.0.0.1', port: 0 })
  urls.push(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
}
console.log(`nodes at ${urls.join(',')} and no more`)
