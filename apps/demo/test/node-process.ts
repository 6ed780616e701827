import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Command } from './node-process-main.ts'
import { demoFolder } from './start-demo.ts'
import type { Environment } from './start-nodes.ts'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'

const PROCESS = ownScript(fileURLToPath(new URL('./node-process-main.ts', import.meta.url)))

/** A node in a process of its own, which can be stopped and resumed, and which runs one service after the other. */
export class NodeProcess {
  readonly #child: ChildProcess

  readonly #exited: Promise<[{ url?: string; error?: string }]>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#exited = once(child, 'exit').then(() => [{ error: 'the process of the node has exited' }])
  }

  static start(t: Test): NodeProcess {
    const options = { cwd: demoFolder, env: minimalEnvironment(), execArgv: [...loaderArgs] }
    const child = fork(PROCESS, [], options)
    t.teardown(() => void child.kill('SIGKILL'))
    return new NodeProcess(child)
  }

  /** @returns its URL. */
  serve(env: Environment, { isNaive = false } = {}): Promise<string> {
    return this.#send({ kind: 'begin', env: { LOG_LEVEL: 'silent', ...env }, isNaive })
  }

  async stopServing(): Promise<void> {
    this.resume()
    await this.#send({ kind: 'end' })
  }

  stop(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  async #send(order: Command): Promise<string> {
    this.#child.send(order)
    const answered = once(this.#child, 'message') as Promise<[{ url?: string; error?: string }]>
    const [reply] = await Promise.race([answered, this.#exited])
    if (reply.url === undefined) throw new Error(reply.error)
    return reply.url
  }
}
