import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A line to a server that a test can cut and mend. */
export interface Line {
  readonly port: number
  /** Hangs up on everybody and takes nobody any more. */
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function layLine(t: Test, targetPort: number): Promise<Line> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((near) => {
    const far = keep(connect(targetPort, '127.0.0.1'))
    keep(near).pipe(far).pipe(near)
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
  return { port, cut, mend: () => listen(port) }
}
