import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A TCP proxy to a server; a test can cut and restore the connection. */
export interface CuttableProxy {
  readonly port: number
  /** Closes all connections and accepts no new ones. */
  cut(): Promise<void>
  resume(): Promise<void>
}

export async function startCuttableProxy(t: Test, targetPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((client) => {
    const upstream = track(connect(targetPort, '127.0.0.1'))
    track(client).pipe(upstream).pipe(client)
  })
  const listen = async (port: number) => {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  }
  const cut = async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  t.teardown(() => server.listening && cut())
  return { port, cut, resume: () => listen(port) }
}
