import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type RunningProcess, startProcess } from '@drawbridge/test-support/processes/start-process'

/** Debian's own: another `python3` in PATH may lack the modules. */
const python = '/usr/bin/python3'

const hasModules = spawnSync(python, ['-c', 'import flask, jwt'], { stdio: 'ignore' }).status === 0

/** For `skip` of a test that needs Flask. */
export const noFlask = hasModules ? false : 'no Flask here (apt-get install python3-flask python3-jwt)'

/** Starts one of the two small services that the demo replaces. */
export function startFlask(t: Test, service: 'session' | 'token'): Promise<RunningProcess> {
  return startProcess(t, {
    command: python,
    args: [join(import.meta.dirname, 'flask', `${service}_service.py`)],
    ready: /listening at (\S+)/
  })
}
