import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import { sendRequest } from './ask.ts'
import { makeDataDir, startDemo } from './start-demo.ts'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Family {
  readonly name: string
  readonly type: string
  readonly samples: readonly Sample[]
}

/** Debian's own: another `python3` in PATH may lack the module. */
const python = '/usr/bin/python3'
const hasParser = spawnSync(python, ['-c', 'import prometheus_client'], { stdio: 'ignore' }).status === 0
const noParser = hasParser ? false : 'no parser here (apt-get install python3-prometheus-client)'

/** What a scraper reads. @throws where the text is not in the format of Prometheus. */
async function scrape(url: string): Promise<readonly Family[]> {
  const response = await fetch(url)
  const args = [join(import.meta.dirname, 'prometheus/parse_metrics.py')]
  const { status, stdout, stderr } = spawnSync(python, args, {
    input: await response.text(),
    encoding: 'utf8'
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Family[]
}

async function read(url: string, name: string): Promise<number | undefined> {
  const samples = (await scrape(url)).flatMap((family) => family.samples)
  return samples.find((sample) => sample.name === name)?.value
}

async function startNode(t: Test, env: Readonly<Record<string, string>>) {
  const node = await startDemo(t, { METRICS_PORT: '0', ...env })
  const metrics = /the metrics are at (http:[^\s"]+)/.exec(node.output())?.[1] ?? ''
  return { url: node.url, metrics }
}

t.test(
  'a scraper of Prometheus reads the metrics of three nodes, and each has heard of a log-out on one',
  { skip: skipWithoutRedis || noParser },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, DATA_DIR: await makeDataDir(t) }
    const first = await startNode(t, env)
    const nodes = [first, await startNode(t, env), await startNode(t, env)]
    for (const { metrics } of nodes)
      await until(async () => (await read(metrics, 'drawbridge_feed_fresh')) === 1)

    const json = { username: 'user', password: 'pass' }
    const signedIn = await sendRequest(`${first.url}/session/login`, { method: 'POST', json })
    const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] ?? ''
    await sendRequest(`${first.url}/session/logout`, { method: 'POST', headers: { cookie } })
    for (const { metrics } of nodes)
      await until(async () => (await read(metrics, 'drawbridge_revocation_lag_count')) === 1)

    const families = new Map((await scrape(first.metrics)).map((family) => [family.name, family]))
    t.equal(families.get('drawbridge_revocation_lag')?.type, 'histogram')
    t.match(families.get('drawbridge_sign_ins'), {
      type: 'counter',
      samples: [{ labels: { drawbridge_outcome: 'succeeded' }, value: 1 }]
    })
    t.match(families.get('drawbridge_logins_revoked'), {
      samples: [{ labels: { drawbridge_revoked_by: 'user' }, value: 1 }]
    })
    t.equal((await fetch(`${first.url}/metrics`)).status, 404, 'not on the port of the service')
  }
)
