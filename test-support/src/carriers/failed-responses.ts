import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { until } from '../until.ts'
import { type CarrierUnderTest, startSignInTest } from './sign-in-in-flight.ts'

/** Whatever fails after a login was written takes it back: nobody holds its credential. */
export function testFailedResponses(carrier: CarrierUnderTest): void {
  const assertTakenBack = async (
    t: Test,
    response: LightMyRequestResponse,
    { countLogins }: Pick<Awaited<ReturnType<typeof startSignInTest>>, 'countLogins'>,
    what: string
  ) => {
    t.equal(carrier.credentialFrom(response), undefined, `${what}: no credential`)
    t.equal(await countLogins(), 0, `${what}: no login`)
  }

  t.test('where a hook of the service fails after the sign-in, the login is taken back', async (t) => {
    for (const needsSecondFactor of [false, true]) {
      for (const [what, addHook] of Object.entries(failingHooks)) {
        const test = await startSignInTest(carrier, {
          needsSecondFactor,
          before: (app) => addHook(app, (request) => isSignIn(request, needsSecondFactor))
        })
        const first = await test.signIn()
        const response = needsSecondFactor
          ? await test.complete(first.json<{ pending: string }>().pending)
          : first
        t.equal(response.statusCode, 500)
        await assertTakenBack(t, response, test, what)
      }
    }
  })

  t.test('also where the error handler of the service makes a success of it', async (t) => {
    let isFirst = true
    const test = await startSignInTest(carrier, {
      before: (app) => {
        failingHooks['onSend'](app, () => isFirst && !(isFirst = false))
        app.setErrorHandler((_error, _request, reply) => reply.code(200).send({ ok: true }))
      }
    })
    const response = await test.signIn()
    t.strictSame([response.statusCode, response.json()], [200, { ok: true }])
    await assertTakenBack(t, response, test, 'onSend')
  })

  t.test('a hook that fails elsewhere takes no login back', async (t) => {
    const test = await startSignInTest(carrier, {
      before: (app) => failingHooks['onSend'](app, ({ url }) => url === '/me')
    })
    const response = await test.signIn()
    t.equal(await test.me(response), 500)
    t.equal(await test.countLogins(), 1)
  })

  t.test('a client that leaves during a sign-in leaves no login behind', async (t) => {
    const { client, test, server } = await startWithClient(t, carrier)
    const inserted = new Promise<void>((resolve) => test.store.after('insert', resolve))
    test.store.before('insert', async () => {
      client.destroy()
      await server.closed
    })
    client.write(server.signIn)
    await inserted
    await until(async () => (await test.countLogins()) === 0)
  })

  t.test('nor does one that leaves while the response waits in a hook of the service', async (t) => {
    let reached = (): void => {}
    const waiting = new Promise<void>((resolve) => (reached = resolve))
    let proceed = (): void => {}
    const gate = new Promise<void>((resolve) => (proceed = resolve))
    const { client, test, server } = await startWithClient(t, carrier, async () => {
      reached()
      await gate
    })
    client.write(server.signIn)
    await waiting
    t.equal(await test.countLogins(), 1)
    client.destroy()
    await server.closed
    proceed()
    await until(async () => (await test.countLogins()) === 0)
  })

  t.test('a client that has the response has the login, also once it closes the connection', async (t) => {
    const { client, test, server } = await startWithClient(t, carrier)
    client.write(server.signIn)
    await once(client, 'data')
    client.destroy()
    await server.closed
    await new Promise((resolve) => setImmediate(resolve))
    t.equal(await test.countLogins(), 1)
  })
}

type Chooses = (request: FastifyRequest) => boolean

const fail = (isChosen: Chooses) => async (request: FastifyRequest) => {
  if (isChosen(request)) throw new Error('a hook failed')
}

const failingHooks = {
  preSerialization: (app: FastifyInstance, isChosen: Chooses) =>
    void app.addHook('preSerialization', fail(isChosen)),
  onSend: (app: FastifyInstance, isChosen: Chooses) => void app.addHook('onSend', fail(isChosen))
} as const

function isSignIn({ url }: FastifyRequest, needsSecondFactor: boolean): boolean {
  return url.endsWith(needsSecondFactor ? '/login/second-factor' : '/login')
}

/** A service on a port, and a client of it. */
async function startWithClient(
  t: Test,
  carrier: CarrierUnderTest,
  onSend: () => Promise<void> = async () => {}
) {
  let closed = (): void => {}
  const isClosed = new Promise<void>((resolve) => (closed = resolve))
  const test = await startSignInTest(carrier, {
    before: (app) => {
      app.server.on('connection', (socket: Socket) => socket.once('close', closed))
      app.addHook('onSend', onSend)
    }
  })
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => test.app.close())
  const client = connect((test.app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(client, 'connect')
  const body = JSON.stringify({ username: 'ada', password: 'correct horse battery staple' })
  const head = `POST ${carrier.prefix}/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json`
  const signIn = `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  return { client, test, server: { signIn, closed: isClosed } }
}
