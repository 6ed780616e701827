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

/** The transcripts of a document, in order. */
function readTranscripts(file: string): readonly string[] {
  const markdown = readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')
  return parseBlocks(file, markdown)
    .filter(({ language }) => language === 'console')
    .map(({ text }) => text)
}

/** A command, and its output in the document. */
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

/** Whether a line of the document matches a line of the output; `…` matches anything. */
function isIn(line: string, output: readonly string[]): boolean {
  const pattern = line
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+')
  return output.some((each) => new RegExp(`^${pattern}$`, 'i').test(each))
}

/** A line that no command prints. */
const END = 'end of the output of a command'

/** Runs all commands in one shell, with the servers of this test in place of the document's. */
async function replay(
  t: Test,
  transcript: string,
  folder: string,
  urls: Readonly<Record<string, string>>
): Promise<void> {
  const exchanges = parseTranscript(transcript)
  const here = (command: string) =>
    command.replace(/127\.0\.0\.1:\d+/g, (place) => new URL(urls[place] ?? 'http://none').host)
  const script = exchanges.map(({ command }) => `${here(command)}\necho '${END}'\n`).join('')
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
    cwd: folder,
    env: minimalEnvironment()
  })
  const outputs = stdout.split(`${END}\n`)
  t.equal(outputs.length, exchanges.length + 1)
  for (const [at, { command, said }] of exchanges.entries()) {
    const output = (outputs[at] ?? '').split(/\r?\n/)
    for (const line of said) t.ok(isIn(line, output), `${command} → ${line}\n${outputs[at]}`)
    // What sets a variable says nothing; the commands behind it need it.
    t.ok(said.length > 0 || /^[A-Z]+=/.test(command), command)
  }
}

for (const file of ['README.md', 'apps/demo/README.md']) {
  t.test(`L21: the transcript of ${file}, typed into a shell`, { skip: noCurl }, async (t) => {
    const transcripts = readTranscripts(file)
    t.equal(transcripts.length, 1)
    const { url } = await startDemo(t)
    for (const transcript of transcripts)
      await replay(t, transcript, await makeDataDir(t), { '127.0.0.1:3000': url })
  })
}

t.test(
  'L21: the transcript of docs/scaling.md, typed into a shell, on three nodes',
  { skip: skipWithoutRedis || noCurl },
  async (t) => {
    const transcripts = readTranscripts('docs/scaling.md')
    t.equal(transcripts.length, 1)
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const nodes = await startNodes(t, 3, await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`))
    const urls = nodes.map(({ url }, at) => [`127.0.0.1:${3000 + at}`, url])
    for (const transcript of transcripts)
      await replay(t, transcript, await makeDataDir(t), Object.fromEntries(urls) as Record<string, string>)
  }
)
