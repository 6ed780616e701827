import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Database from 'libsql'
import t from 'tap'
import { createFetchClient } from './clients/fetch-client.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

const body = JSON.stringify({ username: 'user', password: 'pass' })

t.test('on a stop signal a request in flight is served, and no new connection is accepted', async (t) => {
  const demo = await startDemo(t)
  const slow = await beginLogIn(demo.url)
  const ended = demo.stop('SIGTERM')
  await untilRefused(demo.url)
  slow.socket.write(body)
  await slow.until(/HTTP\/1\.1 200 OK.*Login successful/s)
  t.match(slow.received(), /connection: close/i, 'the client is asked to close the connection')
  t.same(await ended, { code: 0, signal: null })
})

t.test('a client that never completes its request cannot keep the service from exiting', async (t) => {
  const demo = await startDemo(t)
  await beginLogIn(demo.url)
  t.same(await demo.stop('SIGTERM'), { code: 0, signal: null })
})

t.test('a login survives a stop, and so does its latest use', async (t) => {
  const env = { DATA_DIR: await makeDataDir(t), TOUCH_INTERVAL_SECONDS: '1' }
  const first = await startDemo(t, env)
  const client = createFetchClient(first.url)
  await client.send({ method: 'POST', path: '/session/login', json: JSON.parse(body) })
  const database = new Database(`${env.DATA_DIR}/logins.db`)
  const select = database.prepare('SELECT ends_at FROM drawbridge_logins')
  const endsAt = () => (select.all()[0] as { ends_at: number }).ends_at
  const before = endsAt()
  const [start, use] = [Date.now(), () => client.send({ method: 'GET', path: '/session/protected' })]
  await until(async () => (await use()).status === 200 && Date.now() - start > 1000)
  await use()
  t.equal((await first.stop('SIGTERM')).code, 0)
  t.ok(endsAt() > before, 'its idle timeout counts from its last use')
  database.close()

  const second = await startDemo(t, env)
  const again = createFetchClient(second.url)
  const cookie = await client.cookies()
  t.equal((await again.send({ method: 'GET', path: '/session/protected', cookie })).status, 200)
  t.equal((await second.stop('SIGINT')).code, 0, 'Ctrl-C stops it as well')
})

interface Connection {
  readonly socket: Socket
  received(): string
  /** Resolves when the received text matches. Rejects when the server closes the connection before that. */
  until(pattern: RegExp): Promise<void>
}

async function open(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let received = ''
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
  return {
    socket,
    received: () => received,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(received) && resolve()
        socket.on('data', look)
        socket.on('close', () => reject(new Error(`the server closed the connection after: ${received}`)))
        look()
      })
  }
}

/** A sign-in whose body is not sent yet. The server sends "100 Continue" once it has started the request. */
async function beginLogIn(url: string): Promise<Connection> {
  const connection = await open(url)
  connection.socket.write(
    'POST /session/login HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n' +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  )
  await connection.until(/100 Continue/)
  return connection
}

function untilRefused(url: string): Promise<void> {
  return until(async () => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    return !isOpen
  })
}
