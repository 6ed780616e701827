import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'
import { type Answer, type Ask, type Client, headersOf } from './client.ts'

/** For `skip` of a test that needs curl. */
export const noCurl =
  spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0
    ? false
    : 'no curl here (apt-get install curl)'

/** curl with a cookie jar in a file, one process per request. */
export function createCurlClient(url: string, jarFile: string): Client {
  return {
    cookies: async () => cookiesIn(await readFile(jarFile, 'utf8')),
    async send(ask: Ask): Promise<Answer> {
      const jar = ask.cookie === undefined ? ['--cookie', jarFile, '--cookie-jar', jarFile] : []
      const headers = Object.entries(headersOf(ask)).flatMap(([name, value]) => [
        '--header',
        `${name}: ${value}`
      ])
      const data = ask.json === undefined ? [] : ['--data-binary', JSON.stringify(ask.json)]
      const method = ['--request', ask.method]
      return parse(
        await curl([
          ...method,
          ...jar,
          ...headers,
          ...data,
          '--include',
          '--silent',
          '--show-error',
          url + ask.path
        ])
      )
    }
  }
}

async function curl(args: readonly string[]): Promise<string> {
  const child = spawn('curl', args, { env: minimalEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  await exited
  if (child.exitCode !== 0) throw new Error(`curl exited with code ${child.exitCode}: ${complaint}`)
  return output
}

function parse(output: string): Answer {
  const [head = '', ...rest] = output.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Headers()
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1))
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: JSON.parse(rest.join('\r\n\r\n')) as Record<string, unknown>
  }
}

/** Netscape's format: seven columns, of which the last two are name and value. */
function cookiesIn(file: string): string {
  return file
    .split('\n')
    .map((line) => line.replace(/^#HttpOnly_/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t').slice(5).join('='))
    .join('; ')
}
