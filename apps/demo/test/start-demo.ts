import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { type RunningProcess, startProcess } from '@drawbridge/test-support/processes/start-process'

export const demoFolder = resolve(import.meta.dirname, '..')

/** The command that starts the demo without a watcher: one process. */
export const startArgs = [...loaderArgs, ownScript('src/server.ts')]

/** A new data folder, removed after the test. */
export async function makeDataDir(t: Test): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'drawbridge-demo-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** Starts the demo as a process, by default on a free port and with a new data folder. */
export async function startDemo(
  t: Test,
  env: Readonly<Record<string, string>> = {}
): Promise<RunningProcess> {
  const dataDir = env.DATA_DIR ?? (await makeDataDir(t))
  return startProcess(t, {
    command: process.execPath,
    args: startArgs,
    cwd: demoFolder,
    env: { PORT: '0', DATA_DIR: dataDir, ...env },
    ready: /Drawbridge is at (\S+)/
  })
}
