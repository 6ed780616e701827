import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pinned } from './cores.ts'
import { isOnPath } from './on-path.ts'
import type { Ready } from './server.ts'

const run = promisify(execFile)
const WRK_SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url))
const AUTOCANNON_LOAD = fileURLToPath(new URL('autocannon-load.ts', import.meta.url))

export const loadProgram: 'wrk' | 'autocannon' = isOnPath('wrk') ? 'wrk' : 'autocannon'

/** The result of a load program. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Responses above 399. */
  readonly refused: number
  /** Requests without a response. */
  readonly failed: number
}

export interface Load {
  readonly seconds: number
  readonly connections: number
  /** How many values to skip, so that a window continues where the last one stopped. */
  readonly skip: number
}

/** Number of requests, for credentials that can be presented only once. */
export type FixedLoad = Omit<Load, 'seconds'> & { readonly amount: number }

/** Loads a server for the given time, from the other core. */
export async function sendLoad(url: string, requests: Ready['requests'], load: Load): Promise<LoadResult> {
  return loadProgram === 'wrk' ? sendByWrk(url, requests, load) : sendByAutocannon(url, requests, load)
}

/** wrk can only stop by time, hence always autocannon. */
export function sendFixedLoad(
  url: string,
  requests: Ready['requests'],
  load: FixedLoad
): Promise<LoadResult> {
  return sendByAutocannon(url, requests, load)
}

async function sendByAutocannon(
  url: string,
  requests: Ready['requests'],
  load: Load | FixedLoad
): Promise<LoadResult> {
  const request = JSON.stringify({ url, requests, load })
  const [command, ...args] = pinned('load', process.execPath, '--import', 'tsx', AUTOCANNON_LOAD, request)
  return parseLastLine(await run(command, args))
}

async function sendByWrk(url: string, requests: Ready['requests'], load: Load): Promise<LoadResult> {
  const { method, path, place, file } = requests
  const wrkArgs = [
    '-t1',
    `-c${load.connections}`,
    `-d${load.seconds}s`,
    '--timeout',
    '10s',
    '-s',
    WRK_SCRIPT,
    url
  ]
  const scriptArgs = ['--', method, path, place, file, String(load.skip)]
  const [command, ...args] = pinned('load', 'wrk', ...wrkArgs, ...scriptArgs)
  return parseLastLine(await run(command, args))
}

function parseLastLine({ stdout }: { readonly stdout: string }): LoadResult {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadResult
}
