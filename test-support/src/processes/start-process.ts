import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'

/** Options of {@link startProcess}. */
export interface ProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What it prints once it listens; the first group is its URL. */
  readonly ready: RegExp
  /** How long it may take for that, ms. Default 30 000. */
  readonly startTimeoutMs?: number
}

/** A started server. */
export interface RunningProcess {
  readonly url: string
  readonly pid: number
  /** All that it has printed so far, both streams. */
  output(): string
  /** Sends a signal and resolves when the process is gone. */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: string | null }>
}

const START_TIMEOUT_MS = 30_000

/** Starts a server, waits until it prints its URL, and stops it with the test. */
export async function startProcess(t: Test, options: ProcessOptions): Promise<RunningProcess> {
  const { command, args, cwd, env, ready, startTimeoutMs = START_TIMEOUT_MS } = options
  const child = spawn(command, args, {
    cwd,
    env: { ...minimalEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  // Not `exit`: its last output may arrive after that.
  const closed = once(child, 'close')
  let output = ''
  const collect = (chunk: Buffer) => (output += chunk.toString())
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const stop = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await closed
    return { code: child.exitCode, signal: child.signalCode }
  }
  t.teardown(() => stop('SIGKILL'))
  const url = await untilReady(child, ready, startTimeoutMs, () => output)
  return { url, pid: child.pid as number, output: () => output, stop }
}

/**
 * Nothing of the test runner: its coverage and loaders would slow the server down and change what is tested.
 */
export function minimalEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME }
}

function untilReady(
  child: ChildProcess,
  ready: RegExp,
  timeoutMs: number,
  output: () => string
): Promise<string> {
  return new Promise((resolve, reject) => {
    const rejectStart = (why: string) => reject(new Error(`${why}\n${output()}`))
    const timer = setTimeout(() => rejectStart('the server did not start in time'), timeoutMs)
    const check = () => {
      const url = ready.exec(output())?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    }
    child.stdout?.on('data', check)
    child.once('exit', (code) => {
      clearTimeout(timer)
      rejectStart(`the server exited with code ${code}`)
    })
    child.once('error', reject)
  })
}
