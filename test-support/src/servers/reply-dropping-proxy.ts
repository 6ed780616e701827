import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and its server, and can cut the line after a command went through and before its reply. */
export class ReplyDroppingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #dropsNext = false

  private constructor(target: number) {
    this.#server = createServer((client) => this.#pipe(client, connect(target, '127.0.0.1')))
  }

  static async start(target: number): Promise<ReplyDroppingProxy> {
    const proxy = new ReplyDroppingProxy(target)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The next reply does not arrive: the connection closes in its place. */
  dropNextReply(): void {
    this.#dropsNext = true
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #pipe(client: Socket, upstream: Socket): void {
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        peer.destroy()
      })
    }
    client.on('data', (data) => upstream.write(data))
    upstream.on('data', (data) => {
      if (!this.#dropsNext) return client.write(data)
      this.#dropsNext = false
      return client.destroy()
    })
  }
}
