import { connect, createServer, type Socket } from 'node:net'

export interface Proxy {
  readonly port: number
  /** Cuts what is connected; whoever comes back is taken to that port. */
  switchTo(port: number): void
  /** Who connects from now on is taken to that port, and who is connected stays, as behind a name that has another address. */
  pointTo(port: number): void
  close(): void
}

/** An address behind which one server can take another's place. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const closeConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    switchTo: (port) => {
      target = port
      closeConnections()
    },
    pointTo: (port) => {
      target = port
    },
    close: () => {
      server.close()
      closeConnections()
    }
  }
}
