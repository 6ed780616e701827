import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t from 'tap'
import { addUser } from '../src/add-user.ts'
import { account, buildDemo } from './build-demo.ts'
import { demoFolder, makeDataDir } from './start-demo.ts'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'

const good = 'a staple of correct horses'

/** What `addUser` prints when these lines are typed, one per question. */
async function type(username: string, ...lines: string[]) {
  const users = createMemoryUserStore()
  await seedUser(users, account)
  const said: string[] = []
  const prompt = {
    askHidden: async () => lines.shift() ?? null,
    print: (sentence: string) => void said.push(sentence),
    close: () => {}
  }
  const isAdded = await addUser(createCredentials({ users }), username, prompt)
  return { isAdded, said: said[0] === rules ? said.slice(1) : ['no rules', ...said], left: lines.length }
}

const rules =
  'The password needs 15 to 1024 characters of any kind. One that many people use, or that is mostly the username or ' +
  'the name of this service, is not accepted.'

const tooShort = 'The password must have at least 15 characters.'
const differ = 'The passwords do not match.'

t.test('a password typed twice creates a user', async (t) => {
  t.same(await type('alice', good, good), { isAdded: true, said: [], left: 0 })
})

t.test('a password that the policy rejects is explained and asked for again', async (t) => {
  t.same(await type('alice', 'short', 'short', good, good), { isAdded: true, said: [tooShort], left: 0 })
})

t.test('two different passwords are rejected and asked for again', async (t) => {
  t.same(await type('alice', good, `${good}s`, good, good), { isAdded: true, said: [differ], left: 0 })
})

t.test('it gives up after three rejected passwords', async (t) => {
  const said = [tooShort, differ, 'The password contains characters that are not allowed.']
  const lines = [
    'short',
    'short',
    good,
    'other',
    'half \ud800 a surrogate',
    'half \ud800 a surrogate',
    good,
    good
  ]
  t.same(await type('alice', ...lines), { isAdded: false, said, left: 2 })
})

t.test('it does not ask again where another password would not help', async (t) => {
  const taken = await type('USER', good, good, good, good)
  t.same(taken, { isAdded: false, said: ['The user USER already exists.'], left: 2 })
  const unusable = await type('line\nend', good, good)
  t.same(unusable, { isAdded: false, said: ['no rules', 'This cannot be a username.'], left: 2 })
  t.same(await type('alice', good), { isAdded: false, said: ['No password was given.'], left: 0 })
})

const command = [process.execPath, ...loaderArgs, ownScript('src/add-user-command.ts')]

async function run(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> }
) {
  const child = spawn(args[0] as string, args.slice(1), {
    cwd: demoFolder,
    env: { ...minimalEnvironment(), ...env },
    timeout: 30_000
  })
  const exited = once(child, 'exit')
  child.stdin.on('error', () => {}) // it may exit before it has read everything
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await exited
  return { code: child.exitCode, stdout, stderr }
}

t.test('a user added through a pipe can sign in, also in production', async (t) => {
  const env = {
    NODE_ENV: 'production',
    DRAWBRIDGE_SECRET: 'a root secret that is long enough to be one',
    DATA_DIR: await makeDataDir(t)
  }
  const added = await run([...command, 'Alice'], { env, input: `${good}\n${good}\n` })
  t.same(added, { code: 0, stdout: '', stderr: `${rules}\nAlice can sign in now.\n` })

  const app = await buildDemo(t, env)
  const logIn = async (username: string, password: string) =>
    (await app.inject({ method: 'POST', url: '/token/login', payload: { username, password } })).statusCode
  t.equal(await logIn('alice', good), 200)
  t.equal(await logIn(account.username, account.password), 401, 'there is no development account')
})

t.test('without a password the exit code is 1, without a username 2', async (t) => {
  const env = { DATA_DIR: await makeDataDir(t) }
  t.match(await run([...command, 'alice'], { env }), {
    code: 1,
    stderr: `${rules}\nNo password was given.\n`
  })
  t.match(await run(command, { env }), { code: 2, stderr: /^Usage: / })
})

const python = '/usr/bin/python3'
const noPython = existsSync(python)
  ? false
  : 'no Python here, which makes the terminal (apt-get install python3)'

t.test('at a terminal the password is asked for twice and never echoed', { skip: noPython }, async (t) => {
  const env = { DATA_DIR: await makeDataDir(t) }
  const typed = JSON.stringify(['short', 'short', good, good])
  const atTerminal = [python, join(import.meta.dirname, 'pty/answer_prompts.py'), typed]
  const { code, stdout, stderr } = await run([...atTerminal, ...command, 'alice'], { env })
  t.equal(code, 0, stderr)
  t.same(stdout.split('\r\n'), [
    rules,
    'Password: ',
    'Repeat password: ',
    tooShort,
    'Password: ',
    'Repeat password: ',
    'alice can sign in now.',
    ''
  ])
})
