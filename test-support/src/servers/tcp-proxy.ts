import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy between a client and its server, by which a test breaks or moves the connection. */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target = 0
  #dropsNextReply = false
  #isForwarding = true

  private constructor(server: Server) {
    this.#server = server.on('connection', (client) => this.#pipe(client, connect(this.#target, HOST)))
    this.port = (server.address() as AddressInfo).port
  }

  /** @param target the port of the server. */
  static async start(target: number): Promise<TcpProxy> {
    const server = createServer()
    await once(server.listen(0, HOST), 'listening')
    const proxy = new TcpProxy(server)
    proxy.pointTo(target)
    return proxy
  }

  /** New connections go to that port; existing ones stay, as behind a name whose address has changed. */
  pointTo(target: number): void {
    this.#target = target
  }

  /** New connections go to that port; existing ones are closed. */
  switchTo(target: number): void {
    this.pointTo(target)
    this.#closeConnections()
  }

  /** The next reply does not arrive: its connection closes instead, after the command went through. */
  dropNextReply(): void {
    this.#dropsNextReply = true
  }

  /** Closes all connections, and accepts none until `resume`. */
  async cut(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#closeConnections()
    await once(this.#server, 'close')
  }

  /** Accepts connections again, on the same port. */
  async resume(): Promise<void> {
    await once(this.#server.listen(this.port, HOST), 'listening')
  }

  /** Forwards nothing until `resumeForwarding`, and keeps all connections open, new ones too. */
  stopForwarding(): void {
    this.#isForwarding = false
    for (const socket of this.#sockets) socket.pause()
  }

  /** Forwards again what arrived meanwhile, and all later data. */
  resumeForwarding(): void {
    this.#isForwarding = true
    for (const socket of this.#sockets) socket.resume()
  }

  close(): void {
    this.#server.close()
    this.#closeConnections()
  }

  #closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #pipe(client: Socket, upstream: Socket): void {
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        peer.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (data) => {
      if (this.#dropsNextReply) {
        this.#dropsNextReply = false
        client.destroy()
      } else if (!client.write(data)) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
    })
    upstream.on('end', () => client.end())
    if (!this.#isForwarding) for (const socket of [client, upstream]) socket.pause()
  }
}

const HOST = '127.0.0.1'
