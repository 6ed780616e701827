import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A command as a Redis executed it. */
export interface MonitoredCommand {
  /** In lower case. */
  readonly name: string
  readonly args: readonly string[]
  /** The address of the client, or `lua` inside a script. */
  readonly source: string
}

const HOST = '127.0.0.1'
const LINE = /^\+[\d.]+ \[\d+ (?<source>\S+)\] (?<quoted>.*)$/
const QUOTED = /"((?:[^"\\]|\\.)*)"/g
const ESCAPE = /\\(?:x([0-9a-f]{2})|(.))/g
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\u{7}', b: '\b' }

/**
 * Every command that a Redis executes, by MONITOR on a plain socket. The monitor of ioredis ends with an error where a command is
 * executed between the reply to MONITOR and the change of its own state, as with clients that are never idle.
 */
export class RedisMonitor {
  readonly #lines: Socket
  readonly #marks: Socket
  #commands: MonitoredCommand[] = []
  #rest = ''
  #awaited: { readonly mark: string; readonly resolve: () => void } | undefined

  private constructor(lines: Socket, marks: Socket) {
    this.#lines = lines
    this.#marks = marks
    lines.setEncoding('latin1').on('data', (chunk: string) => this.#read(chunk))
    marks.resume()
  }

  /** Resolves when the server sends what it executes. */
  static async start(port: number): Promise<RedisMonitor> {
    const sockets = [connect(port, HOST), connect(port, HOST)] as const
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const monitor = new RedisMonitor(...sockets)
    sockets[0].write('MONITOR\r\n')
    await once(sockets[0], 'data')
    return monitor
  }

  /** Resolves with what was executed from the start, or from the last call, until now. */
  async take(): Promise<readonly MonitoredCommand[]> {
    const mark = randomBytes(9).toString('hex')
    const isSeen = new Promise<void>((resolve) => (this.#awaited = { mark, resolve }))
    this.#marks.write(`ECHO ${mark}\r\n`)
    await isSeen
    const commands = this.#commands
    this.#commands = []
    return commands
  }

  stop(): void {
    for (const socket of [this.#lines, this.#marks]) socket.destroy()
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#note(line)
  }

  #note(line: string): void {
    const groups = LINE.exec(line)?.groups
    if (groups === undefined) return // the reply to MONITOR
    const [name = '', ...args] = [...(groups['quoted'] ?? '').matchAll(QUOTED)].map(([, text = '']) =>
      unescape(text)
    )
    if (args[0] === this.#awaited?.mark) this.#awaited?.resolve()
    else this.#commands.push({ name: name.toLowerCase(), args, source: groups['source'] ?? '' })
  }
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (_whole, hex: string | undefined, char: string) =>
    hex === undefined ? (ESCAPED[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16))
  )
}
