import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { canPin } from './cores.ts'
import { loadProgram } from './load.ts'

/** The machine and the programs of a run. */
export interface Machine {
  readonly date: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly load: string
  readonly redis: string
  readonly isPinned: boolean
  /** The load average of one minute when the run began. */
  readonly busy: string
  readonly versions: Readonly<Record<string, string>>
}

export function describeMachine(): Machine {
  const all = cpus()
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadProgram,
    redis: readVersion('redis-server'),
    isPinned: canPin,
    busy: loadAverage(),
    versions: peerVersions()
  }
}

function readVersion(program: string): string {
  try {
    return /v=([\d.]+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
  } catch {
    return 'none'
  }
}

function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ', 1)[0] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

function peerVersions(): Record<string, string> {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return Object.fromEntries(
    Object.entries(manifest.dependencies).filter(([, version]) => /^\d/.test(version))
  )
}
