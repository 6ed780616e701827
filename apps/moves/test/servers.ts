import { join } from 'node:path'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { type RunningProcess, startProcess } from '@drawbridge/test-support/processes/start-process'
import type { Test } from 'tap'
import { oldPrefix, type Service } from './node.ts'
import { FLASK_SECRET } from './secrets.ts'

const here = import.meta.dirname
const python = '/usr/bin/python3'
/** Many start at once. */
const START_TIMEOUT_MS = 180_000

/** Starts the program of the other system, in a process of its own; null where a service moves between carriers of ours. */
export async function startOld(t: Test, service: Service): Promise<RunningProcess | null> {
  const common = { ready: /listening at (\S+) now/, startTimeoutMs: START_TIMEOUT_MS }
  const script = (name: string) => [...loaderArgs, ownScript(join(here, 'old', name))]
  switch (service.move) {
    case 'express': {
      const env = { REDIS_URL: service.oldRedisUrl, PREFIX: oldPrefix(service.name) }
      return startProcess(t, {
        command: process.execPath,
        args: script('express-service.ts'),
        env,
        ...common
      })
    }
    case 'flask':
      return startProcess(t, {
        command: python,
        args: [join(here, 'old', 'flask_service.py')],
        env: { SECRET: FLASK_SECRET },
        ...common
      })
    case 'hs256':
    case 'hs256-without-iat': {
      const env = { TIMESTAMPS: service.move === 'hs256' ? 'on' : 'off' }
      return startProcess(t, { command: process.execPath, args: script('token-service.ts'), env, ...common })
    }
    default:
      return null
  }
}

/** Processes of ours, each with one node of each service. */
export interface Nodes {
  /** The nodes of a service that run now. */
  urlsOf(service: Service): readonly string[]
  /** kill -9 of one process, which is then started again. */
  replaceOne(): Promise<void>
}

export async function startNodes(t: Test, services: readonly Service[], count: number): Promise<Nodes> {
  const start = () =>
    startProcess(t, {
      command: process.execPath,
      args: [...loaderArgs, ownScript(join(here, 'nodes-process.ts'))],
      env: { SERVICES: JSON.stringify(services) },
      ready: /nodes at (\S+) now/,
      startTimeoutMs: START_TIMEOUT_MS
    })
  const running: (RunningProcess | null)[] = await Promise.all(Array.from({ length: count }, start))
  let next = 0
  return {
    urlsOf: (service) => running.flatMap((each) => each?.url.split(',')[services.indexOf(service)] ?? []),
    replaceOne: async () => {
      const at = next++ % count
      const killed = running[at]
      running[at] = null
      await killed?.stop('SIGKILL')
      running[at] = await start()
    }
  }
}
