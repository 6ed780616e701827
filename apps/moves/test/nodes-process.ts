import type { AddressInfo } from 'node:net'
import { buildNode, type Service } from './node.ts'

/* A process with one node of each of several services. It may be killed at any time. */

const services = JSON.parse(process.env['SERVICES'] ?? '[]') as readonly Service[]
const urls: string[] = []
for (const service of services) {
  const { app } = await buildNode(service)
  await app.listen({ host: '127.0.0.1', port: 0 })
  urls.push(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
}
console.log(`nodes at ${urls.join(',')} now`)
