import t from 'tap'
import { freePort, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { createCertificate } from './create-certificate.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

t.test(
  'T16b: rediss:// works with an address or a name, and is checked against the certificate',
  { skip: skipWithoutRedis },
  async (t) => {
    const { key, cert } = createCertificate(await makeDataDir(t))
    const tlsPort = await freePort()
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert]
    const redis = await startRedis('--tls-port', String(tlsPort), '--tls-auth-clients', 'no', ...files)
    t.teardown(() => redis.stop())
    for (const host of ['127.0.0.1', 'localhost']) {
      const { url, output } = await startDemo(t, {
        REDIS_URL: `rediss://${host}:${tlsPort}?family=4`,
        NODE_EXTRA_CA_CERTS: cert
      })
      await until(async () => (await sendRequest(`${url}/health/ready`)).status === 200)
      // An error since Node 26, a warning before.
      t.notMatch(output(), /servername/i)
    }
    await t.rejects(startDemo(t, { REDIS_URL: `rediss://127.0.0.1:${tlsPort}` }), {
      message: /REDIS_URL: Redis cannot be used: self.signed certificate/
    })
  }
)
