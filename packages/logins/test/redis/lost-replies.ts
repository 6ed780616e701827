import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and its server, and can cut the line after a command went through and before its reply. */
export class LostReplies {
  readonly #server: Server
  readonly #lines = new Set<Socket>()
  #isLosing = false

  private constructor(target: number) {
    this.#server = createServer((client) => this.#join(client, connect(target, '127.0.0.1')))
  }

  static async before(target: number): Promise<LostReplies> {
    const proxy = new LostReplies(target)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The next reply does not arrive: the connection closes in its place. */
  loseNext(): void {
    this.#isLosing = true
  }

  close(): void {
    this.#server.close()
    for (const line of this.#lines) line.destroy()
  }

  #join(client: Socket, upstream: Socket): void {
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      this.#lines.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#lines.delete(socket)
        peer.destroy()
      })
    }
    client.on('data', (data) => upstream.write(data))
    upstream.on('data', (data) => {
      if (!this.#isLosing) return client.write(data)
      this.#isLosing = false
      return client.destroy()
    })
  }
}
