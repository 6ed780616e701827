import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Core, pinned } from './cores.ts'
import type { Ready, Setting, Usage } from './server.ts'

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url))
const BUILT = new URL('built-packages.mjs', import.meta.url).href
const STOP_TIMEOUT_MS = 3000

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** A scenario in a process of its own, pinned to a core. It exits together with this one. */
export class ServerProcess {
  readonly ready: Ready
  readonly #child: ChildProcess
  readonly #pending = new Map<number, (response: Reply) => void>()
  #lastId = 0

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child
    this.ready = ready
    child.on('message', (response: Reply) => this.#pending.get(response.id)?.(response))
    child.once('exit', (code, signal) => {
      for (const [id, resolve] of this.#pending)
        resolve({ id, error: `the server exited: ${signal ?? code}` })
    })
  }

  static async start(scenario: string, setting: Setting, folder: string, core: Core): Promise<ServerProcess> {
    const node = ['--expose-gc', '--import', 'tsx', '--import', BUILT, SERVE]
    const [command, ...args] = pinned(
      core,
      process.execPath,
      ...node,
      scenario,
      JSON.stringify(setting),
      folder
    )
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' }
    })
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`${scenario} exited with ${code} before it listened`)
    })
    const [ready] = (await Promise.race([once(child, 'message'), exited])) as [Ready]
    exited.catch(() => {})
    return new ServerProcess(child, ready)
  }

  usage(): Promise<Usage> {
    return this.call('usage')
  }

  /** What the process takes meanwhile, µs of CPU. */
  async cpuWhile(run: () => Promise<unknown>): Promise<number> {
    const before = await this.usage()
    await run()
    return (await this.usage()).cpuMicros - before.cpuMicros
  }

  /** Usage after garbage collection. */
  usageAfterGc(): Promise<Usage> {
    return this.call('collectGarbage')
  }

  async call<T>(method: string, argument?: unknown): Promise<T> {
    const id = (this.#lastId += 1)
    const reply = new Promise<Reply>((resolve) => this.#pending.set(id, resolve))
    this.#child.send({ id, method, argument })
    const { value, error } = await reply
    this.#pending.delete(id)
    if (error !== undefined) throw new Error(error)
    return value as T
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }
}
