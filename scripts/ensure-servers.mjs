// Ensures that the servers and programs of the tests are installed: with apt-get on Debian as root, and elsewhere
// with one line that names what to install and which tests are skipped.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const postgresHome = '/usr/lib/postgresql'
const python = '/usr/bin/python3'
const lockFile = '/run/drawbridge-ensure-servers.lock'
const policyFile = '/usr/sbin/policy-rc.d'
const policyMark = '# Made by ensure-servers.mjs for the duration of one apt-get; safe to remove.'
const inCi = process.env.CI === 'true'

/** Debian's package, the tests that need it, and the check that it is installed. */
const needs = [
  { install: 'redis-server', tests: 'Redis', present: () => onPath('redis-server') },
  { install: 'postgresql', tests: 'Postgres', present: () => onPath('postgres') || debianPostgres() },
  {
    install: 'chromium',
    tests: 'browser',
    present: () => existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')
  },
  {
    install: 'python3-prometheus-client',
    tests: 'metrics',
    present: (modules) => modules.has('prometheus_client')
  },
  { install: 'python3-flask', tests: 'Flask', present: (modules) => modules.has('flask') },
  { install: 'python3-jwt', tests: 'Flask', present: (modules) => modules.has('jwt') },
  { install: 'python3-authlib', tests: 'Python', present: (modules) => modules.has('authlib') },
  { install: 'python3-requests', tests: 'Python', present: (modules) => modules.has('requests') },
  { install: 'nginx', tests: 'proxy', present: () => onPath('nginx') || existsSync('/usr/sbin/nginx') },
  { install: 'curl', tests: 'curl', present: () => onPath('curl') }
]

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, program)))
}

/** Debian installs the server outside PATH, in a folder of its version. */
function debianPostgres() {
  if (!existsSync(postgresHome)) return false
  return readdirSync(postgresHome).some((version) => existsSync(join(postgresHome, version, 'bin/postgres')))
}

/** Looked up, not imported: importing Flask would take longer than the rest of this script. */
function pythonModules() {
  const find =
    'import importlib.util as u\nfor m in ("flask", "jwt", "authlib", "requests", "prometheus_client"):\n  if u.find_spec(m): print(m)'
  const found = spawnSync(python, ['-c', find], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return new Set((found.stdout ?? '').split('\n'))
}

function findMissing() {
  const modules = pythonModules()
  return needs.filter((need) => !need.present(modules))
}

const names = (missing) => missing.map((need) => need.install).join(' ')

function canInstall() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8')) && onPath('apt-get') && onPath('flock')
}

/** Runs a command. Resolves its exit code and its output. */
function run(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    let output = ''
    const keep = (chunk) => (output += chunk)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: 1, output: `${command}: ${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/**
 * Debian starts a server as soon as it is installed; the tests start their own. policy-rc.d is Debian's switch for
 * that. An existing one is not changed.
 */
function holdServices() {
  const ours = () => existsSync(policyFile) && readFileSync(policyFile, 'utf8').includes(policyMark)
  const release = () => {
    if (ours()) rmSync(policyFile, { force: true })
  }
  release() // left over from a run that was killed
  if (!existsSync(policyFile))
    writeFileSync(policyFile, `#!/bin/sh\n${policyMark}\nexit 101\n`, { mode: 0o755 })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      release()
      process.exit(1)
    })
  }
  return release
}

async function aptGet(...args) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold']
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const { code, output } = await run('apt-get', ['-y', ...options, ...args], env)
  if (code !== 0)
    throw new Error(`apt-get ${args[0]} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`)
}

/** Runs under the lock: of two concurrent runs the second one finds everything installed. */
async function install() {
  const missing = findMissing()
  if (missing.length === 0) return
  console.log(`installing ${names(missing)} with apt-get, for the tests`)
  const release = holdServices()
  try {
    await aptGet('update')
    await aptGet('install', '--no-install-recommends', ...missing.map((need) => need.install))
  } finally {
    release()
  }
}

/** The kernel releases the lock, so a killed run does not leave it behind. */
function installUnderLock() {
  const self = fileURLToPath(import.meta.url)
  const args = ['--timeout', '1800', lockFile, process.execPath, self, '--locked']
  const { status, error } = spawnSync('flock', args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(`flock: ${error.message}`)
  else if (status !== 0) console.error(`installing failed with exit code ${status}`)
}

function report(missing) {
  const tests = [...new Set(missing.map((need) => need.tests))].join(', ')
  console.error(
    `missing: ${names(missing)} (Debian's names); install them, or the ${tests} tests are skipped`
  )
  // A skipped test proves nothing, so in CI it is a failure at once.
  if (inCi) process.exitCode = 1
}

async function main() {
  if (process.argv[2] === '--locked') return install()
  if (findMissing().length === 0) return
  if (canInstall()) installUnderLock()
  const missing = findMissing()
  if (missing.length > 0) report(missing)
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
