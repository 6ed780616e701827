import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that is started by this one, and ends with it. */
export class Child {
  readonly name: string
  readonly #process: ChildProcess
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>

  constructor(name: string, command: string, args: readonly string[], options: SpawnOptions) {
    this.name = name
    this.#process = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message))
      this.#process.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Each line that it prints. */
  onLine(listener: (line: string) => void): void {
    for (const input of [this.#process.stdout, this.#process.stderr]) {
      if (input !== null) createInterface({ input }).on('line', listener)
    }
  }

  /** Resolves when it is gone: by itself, or after so long by force. */
  async stop(timeoutMs: number): Promise<void> {
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), timeoutMs)
    await this.exited
    clearTimeout(timer)
  }
}
