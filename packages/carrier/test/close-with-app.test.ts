import Fastify from 'fastify'
import t from 'tap'
import { closeWithApp } from '../src/close-with-app.ts'

/** A resource that counts how often it was closed. */
function createResource(closeWithApp?: boolean) {
  const resource = { closed: 0, close: async () => void (resource.closed += 1) }
  return closeWithApp === undefined ? resource : Object.assign(resource, { closeWithApp })
}

t.test('a resource is closed once, by the last plugin of the application that uses it', async (t) => {
  const resource = createResource()
  const app = Fastify()
  const closedBetween: number[] = []
  closeWithApp(app, resource)
  app.addHook('onClose', async () => void closedBetween.push(resource.closed))
  closeWithApp(app, resource)
  await app.close()
  await app.close()
  t.same(closedBetween, [0])
  t.equal(resource.closed, 1)
})

t.test('a resource of several applications is closed by the last one', async (t) => {
  const resource = createResource()
  const [one, two] = [Fastify(), Fastify()]
  for (const app of [one, two, two]) closeWithApp(app, resource)
  await two.close()
  t.equal(resource.closed, 0)
  await one.close()
  t.equal(resource.closed, 1)
})

t.test('what the service closes itself stays open', async (t) => {
  const resource = createResource(false)
  const app = Fastify()
  closeWithApp(app, resource, {})
  await app.close()
  t.equal(resource.closed, 0)
})

t.test('a resource that cannot be closed does not prevent the next from being closed', async (t) => {
  const resource = createResource()
  const app = Fastify()
  closeWithApp(app, { close: async () => Promise.reject(new Error('stuck')) }, resource)
  await app.close().catch(() => {})
  t.equal(resource.closed, 1)
})

t.test('requests in flight are served first', async (t) => {
  const resource = createResource()
  const app = Fastify()
  closeWithApp(app, resource)
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let reached = () => {}
  const inFlight = new Promise<void>((resolve) => (reached = resolve))
  app.get('/', async () => {
    reached()
    await released
    return { closed: resource.closed }
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const response = fetch(url)
  await inFlight
  const stopped = app.close()
  release()
  t.same(await (await response).json(), { closed: 0 })
  await stopped
  t.equal(resource.closed, 1)
})
