import type { RedisOptions } from 'ioredis'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Address, SentinelWatch } from './sentinel-watch.ts'

const POLL_TIMEOUT_MS = 500
const RETRY_DELAY_MS = 50

type EmitError = (event: 'error', error: Error) => void

/**
 * The connector of ioredis that connects to the primary a watch reports, and drops the connection when the
 * watch reports another one. It replaces ioredis' own connector for sentinels, which asks only the first of
 * them that replies.
 */
export function primaryConnector(watch: SentinelWatch): NonNullable<RedisOptions['Connector']> {
  class PrimaryConnector {
    /** ioredis reads this. */
    firstError?: Error
    readonly #options: RedisOptions
    #isConnecting = false
    #socket: Socket | undefined

    constructor(options: RedisOptions) {
      this.#options = options
    }

    /**
     * Checks the INFO of a new connection: a replica may have been promoted in between, or the primary
     * demoted.
     */
    check({ role = 'master' }: { readonly role?: string }): boolean {
      return role === 'master'
    }

    async connect(emitError: EmitError): Promise<Socket> {
      this.#isConnecting = true
      const socket = this.#open(await this.#primary(emitError))
      this.#socket = socket
      socket.once('error', (error) => (this.firstError = error))
      // Destroyed and not ended: what the old primary still replies is worthless.
      const unsubscribe = watch.onMoved(() => socket.destroy())
      socket.once('close', unsubscribe)
      return socket
    }

    disconnect(): void {
      this.#isConnecting = false
      const socket = this.#socket
      if (socket === undefined) return
      const destroyTimer = setTimeout(() => socket.destroy(), this.#options.disconnectTimeout)
      socket.once('close', () => clearTimeout(destroyTimer))
      socket.end()
    }

    async #primary(emitError: EmitError): Promise<Address> {
      for (;;) {
        if (!this.#isConnecting) throw new Error('Connection is closed.')
        if (watch.primary !== null) return watch.primary
        await watch.refresh(POLL_TIMEOUT_MS).catch((error) => emitError('error', error))
        if (watch.primary === null) await sleep(RETRY_DELAY_MS, undefined, { ref: false })
      }
    }

    #open({ host, port }: Address): Socket {
      const { tls, enableTLSForSentinelMode: isTls } = this.#options
      return isTls && tls !== undefined
        ? connectTls({ host, port, ...tls })
        : createConnection({ host, port })
    }
  }
  // ioredis asks for a class of its own, and nothing but types of ioredis is imported here.
  return PrimaryConnector as unknown as NonNullable<RedisOptions['Connector']>
}
