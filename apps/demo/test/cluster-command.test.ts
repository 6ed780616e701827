import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t, { type Test } from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { noCurl } from './clients/curl-client.ts'
import { demoFolder, makeDataDir } from './start-demo.ts'
import {
  minimalEnvironment,
  type RunningProcess,
  startProcess
} from '@drawbridge/test-support/processes/start-process'
import { until } from '@drawbridge/test-support/until'

const args = [...loaderArgs, ownScript('src/cluster-command.ts')]
/** A port that nothing else should use. */
const PORT = String(20_000 + Math.floor(Math.random() * 5000))

async function startCluster(t: Test, ...more: readonly string[]): Promise<RunningProcess> {
  return startProcess(t, {
    command: process.execPath,
    args: [...args, ...more],
    cwd: demoFolder,
    env: { PORT, DATA_DIR: await makeDataDir(t) },
    ready: /node 1 +(\S+)[\s\S]*Ctrl-C stops them all/
  })
}

/** The nodes and the Redis that a cluster has started, without the processes of the compiler. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ *(\d+) (?:node|MainThread|redis-server)/gm)].map(([, child]) => Number(child))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const EXPECTED = [
  'Login successful',
  'Hello, user!',
  'Logged out',
  'Unauthorized',
  'Unauthorized',
  'Hello, user!',
  'Logged out',
  'Unauthorized'
]

/** The output of the transcript pasted into a shell. */
function transcribed(output: string): readonly string[] {
  const commands = [...output.matchAll(/^ {2}((?:jar|token|curl).*)$/gm)].map(([, line]) => line)
  const { stdout } = spawnSync('bash', ['-c', commands.join('\n')], { encoding: 'utf8' })
  return stdout
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).message))
}

t.test(
  'three nodes start, the transcript prints what it promises, and a signal stops them all',
  { skip: skipWithoutRedis || noCurl },
  async (t) => {
    const cluster = await startCluster(t, '--nodes', '3')
    const children = childrenOf(cluster.pid)
    t.teardown(() => children.filter(isRunning).forEach((pid) => process.kill(pid, 'SIGKILL')))
    t.equal(children.length, 4, 'three nodes and a Redis')
    const output = cluster.output()
    for (const node of [1, 2, 3]) t.match(output, new RegExp(`^\\[${node}\\] .*Drawbridge is at`, 'm'))

    // A log-out may reach another node later than the next request, within the bound: then try again.
    await until(() => transcribed(output).join() === EXPECTED.join(), 10_000)
    t.pass('after a log-out on one node the others reject the login')

    t.same(await cluster.stop('SIGTERM'), { code: 0, signal: null })
    t.same(children.filter(isRunning), [])
  }
)

t.test('a node that crashes is reported, and the others go on', { skip: skipWithoutRedis }, async (t) => {
  const cluster = await startCluster(t, '--nodes', '2')
  const children = childrenOf(cluster.pid)
  t.teardown(() => children.filter(isRunning).forEach((pid) => process.kill(pid, 'SIGKILL')))
  const lastNode = Math.max(...children)
  process.kill(lastNode, 'SIGKILL')
  await until(() => /^\[2\] exited: SIGKILL$/m.test(cluster.output()))
  t.equal((await fetch(`${cluster.url}/health/ready`)).status, 200)
  t.same(await cluster.stop('SIGINT'), { code: 0, signal: null })
  t.same(children.filter(isRunning), [])
})

t.test('a missing redis-server is reported', async (t) => {
  const { code, stderr } = await failed(['--nodes', '2'], {
    PATH: '/nowhere',
    DATA_DIR: await makeDataDir(t)
  })
  t.equal(code, 1)
  t.match(stderr, /^The cluster cannot start: redis-server was not found; [^\n]+REDIS_URL\n$/)
})

t.test('anything but a number of nodes is rejected', async (t) => {
  for (const wrong of [['--nodes', '0'], ['--nodes', 'many'], ['--node', '3'], ['3']]) {
    const { code, stderr } = await failed(wrong, {})
    t.equal(code, 2)
    t.match(stderr, /^Usage: /)
  }
})

async function failed(more: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [...args, ...more], {
    cwd: demoFolder,
    env: { ...minimalEnvironment(), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000
  })
  const exited = once(child, 'exit')
  const stderr = await text(child.stderr)
  await exited
  return { code: child.exitCode, stderr }
}
