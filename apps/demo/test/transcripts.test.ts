import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { parseBlocks } from '../../../scripts/docs/blocks.ts'
import { noCurl } from './clients/curl-client.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { sharedEnvironment, startNodes } from './start-nodes.ts'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
const [one = '', many = ''] = parseBlocks('README.md', readme)
  .filter(({ language }) => language === 'console')
  .map(({ text }) => text)

/** What a reader types and what the document says comes back. */
interface Exchange {
  readonly command: string
  readonly said: readonly string[]
}

function parseTranscript(transcript: string): readonly Exchange[] {
  return transcript
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = '', ...said] = text.trimEnd().split('\n')
      return { command, said: said.filter((line) => line !== '') }
    })
}

/** Each line that is said is a line of the answer, where `…` is for anything. */
function isIn(line: string, output: readonly string[]): boolean {
  const pattern = line
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+')
  return output.some((each) => new RegExp(`^${pattern}$`, 'i').test(each))
}

/** Types it all into a shell, at the servers of this test in place of the document's. */
async function replay(
  t: Test,
  transcript: string,
  folder: string,
  urls: Readonly<Record<string, string>>
): Promise<void> {
  let token = ''
  for (const { command, said } of parseTranscript(transcript)) {
    const here = command.replace(/127\.0\.0\.1:\d+/g, (place) => new URL(urls[place] ?? 'http://none').host)
    const env = { ...minimalEnvironment(), TOKEN: token }
    const { stdout } = await promisify(execFile)('bash', ['-c', here], { cwd: folder, env })
    const output = stdout.split(/\r?\n/)
    for (const line of said) t.ok(isIn(line, output), `${command} → ${line}\n${stdout}`)
    t.ok(said.length > 0, command)
    token = /"token":"([^"]+)"/.exec(stdout)?.[1] ?? token
  }
}

t.test('L21: the transcript of the README, typed into a shell', { skip: noCurl }, async (t) => {
  const { url } = await startDemo(t)
  await replay(t, one, await makeDataDir(t), { '127.0.0.1:3000': url })
})

t.test('L21: and that of three nodes', { skip: skipWithoutRedis || noCurl }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const nodes = await startNodes(t, 3, await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`))
  const urls = nodes.map(({ url }, at) => [`127.0.0.1:${3000 + at}`, url])
  await replay(t, many, await makeDataDir(t), Object.fromEntries(urls) as Record<string, string>)
})
