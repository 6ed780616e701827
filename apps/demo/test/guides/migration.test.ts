import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { minimalEnvironment, startProcess } from '@drawbridge/test-support/processes/start-process'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import t from 'tap'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'
import { demoFolder, makeDataDir } from '../start-demo.ts'

const guide = 'docs/migration/guide.md'
const blocks = parseBlocks(guide, readFileSync(new URL(`../../../../${guide}`, import.meta.url), 'utf8'))
const blockIn = (language: string) => blocks.find((block) => block.language === language)?.text ?? ''
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const account = { username: 'ada', password: 'correct horse battery staple' }

/** The commands of the guide, with the lines that it shows of their output. */
const transcripts = blocks
  .filter(({ language }) => language === 'console')
  .map(({ text: transcript }) => {
    const [command = '', ...said] = transcript.trim().split('\n')
    return { args: command.split(' ').slice(3), said: said.filter((line) => line !== '…') }
  })

t.test(
  'the guide, from its first line to the sweep, with one user',
  { skip: skipWithoutRedis },
  async (t) => {
    const folder = await makeDataDir(t)
    symlinkSync(join(demoFolder, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'old.mjs'), blockIn('mjs'))
    writeFileSync(join(folder, 'service.mjs'), blockIn('ts'))
    const redis = await startRedis('--appendonly', 'yes', '--maxmemory-policy', 'noeviction')
    t.teardown(() => redis.stop())
    const env = {
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      SESSION_SECRET: 'the secret that signs connect.sid today',
      DRAWBRIDGE_SECRET: randomBytes(32).toString('base64'),
      OLD_PORT: '0',
      PORT: '0'
    }
    const start = (file: string, ready: RegExp) =>
      startProcess(t, { command: process.execPath, args: ['--import', tsx, file], cwd: folder, env, ready })
    const run = async (...args: readonly string[]) => {
      const child = spawn(process.execPath, ['--import', tsx, 'service.mjs', ...args], {
        cwd: folder,
        env: { ...minimalEnvironment(), ...env }
      })
      const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
      const [exitCode] = (await once(child, 'exit')) as [number]
      return { exitCode, stdout: await stdout, stderr: await stderr }
    }
    /** As soon as the step is allowed. */
    const step = async (...args: readonly string[]) => {
      let outcome = await run(...args)
      await until(async () => {
        if (!outcome.stderr.includes('too short a time')) return true
        outcome = await run(...args)
        return false
      }, 120_000)
      return outcome
    }
    const old = await start('old.mjs', /old service at (\S+)/)
    const ours = await start('service.mjs', /listening at (http:[^\s"]+)/)
    const signIn = await fetch(`${old.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(account)
    })
    const jar = new Map<string, string>()
    const store = (response: Response) => {
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
        jar.set(name, value)
      }
      return response
    }
    store(signIn)
    const ask = async (url: string) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      return store(await fetch(`${url}/me`, { headers: { cookie } })).json()
    }
    const [byOurs, byOld] = ['the new service', 'the old service'].map((by) => ({ username: 'ada', by }))
    t.equal(transcripts.length, 5)
    for (const { args, said } of transcripts) {
      t.same(await ask(ours.url), byOurs, `before ${args.join(' ')}`)
      const isRetiring = args.includes('retired')
      if (args.includes('new')) {
        t.same(await ask(old.url), byOld, 'both serve')
        await old.stop('SIGTERM')
      }
      const { exitCode, stdout, stderr } = await step(...args)
      if (isRetiring) {
        t.match([exitCode, stderr], [1, /less than an hour ago/], 'refused, as the guide says')
        t.equal((await step(...args, '0')).exitCode, 0)
      } else t.strictSame([exitCode, stderr], [0, ''])
      for (const line of said) t.ok(stdout.includes(line), `${args.join(' ')}: ${line}\n${stdout}`)
    }
    t.same(await ask(ours.url), byOurs, 'retired and swept')
  }
)
