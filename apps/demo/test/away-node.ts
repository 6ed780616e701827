import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Order } from './away-node-process.ts'
import { demoFolder } from './start-demo.ts'
import type { Environment } from './start-nodes.ts'
import { bareEnvironment } from './start-process.ts'

const PROCESS = fileURLToPath(new URL('./away-node-process.ts', import.meta.url))

/** A node in a process of its own, which can be stopped and resumed, and which serves one service after the other. */
export class AwayNode {
  readonly #child: ChildProcess

  readonly #gone: Promise<[{ url?: string; error?: string }]>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#gone = once(child, 'exit').then(() => [{ error: 'the process of the node has ended' }])
  }

  static start(t: Test): AwayNode {
    const options = { cwd: demoFolder, env: bareEnvironment(), execArgv: ['--import', 'tsx'] }
    const child = fork(PROCESS, [], options)
    t.teardown(() => void child.kill('SIGKILL'))
    return new AwayNode(child)
  }

  /** @returns its URL. */
  begin(env: Environment, { isNaive = false } = {}): Promise<string> {
    return this.#order({ kind: 'begin', env: { LOG_LEVEL: 'silent', ...env }, isNaive })
  }

  async end(): Promise<void> {
    this.resume()
    await this.#order({ kind: 'end' })
  }

  stop(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  async #order(order: Order): Promise<string> {
    this.#child.send(order)
    const answered = once(this.#child, 'message') as Promise<[{ url?: string; error?: string }]>
    const [reply] = await Promise.race([answered, this.#gone])
    if (reply.url === undefined) throw new Error(reply.error)
    return reply.url
  }
}
