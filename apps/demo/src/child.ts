import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A child process, which is stopped together with this one. */
export class Child {
  readonly name: string
  readonly #process: ChildProcess
  /** Resolves once it has exited, with the signal, the exit code or the error, as text. */
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

  /** Calls the listener with each line of its output and error output. */
  onLine(listener: (line: string) => void): void {
    for (const input of [this.#process.stdout, this.#process.stderr]) {
      if (input !== null) createInterface({ input }).on('line', listener)
    }
  }

  /** Sends SIGTERM, and SIGKILL after the timeout. Resolves once it has exited. */
  async stop(timeoutMs: number): Promise<void> {
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), timeoutMs)
    await this.exited
    clearTimeout(timer)
  }
}
