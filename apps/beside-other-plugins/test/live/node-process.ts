import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { until } from '@drawbridge/test-support/until'
import type { Test } from 'tap'
import type { Command } from './live-node.ts'

const SCRIPT = ownScript(fileURLToPath(new URL('./live-node.ts', import.meta.url)))

/** What a node is given to begin with. */
export type BeginCommand = Omit<Extract<Command, { kind: 'begin' }>, 'kind'>

/** A node in a process of its own, which can be stopped and resumed. */
export class NodeProcess {
  readonly #child: ChildProcess
  /** `Date.now()` at which it was resumed last. */
  resumedAt = 0

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static start(t: Test): NodeProcess {
    const child = fork(SCRIPT, { execArgv: [...loaderArgs] })
    t.teardown(() => {
      child.kill('SIGCONT')
      child.disconnect()
    })
    return new NodeProcess(child)
  }

  /** @returns the URL of the node, once it is ready. */
  async begin(command: BeginCommand): Promise<string> {
    const url = await this.#send({ kind: 'begin', ...command })
    await until(async () => (await fetch(`${url}/ready`)).status === 200)
    return url
  }

  async end(): Promise<void> {
    this.resume()
    await this.#send({ kind: 'end' })
  }

  stop(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.resumedAt = Date.now()
    this.#child.kill('SIGCONT')
  }

  async #send(command: Command): Promise<string> {
    this.#child.send(command)
    const [{ url, error }] = (await once(this.#child, 'message')) as [{ url?: string; error?: string }]
    if (error !== undefined) throw new Error(error)
    return url ?? ''
  }
}
