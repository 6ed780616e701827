/** The address of the client is what a trusted proxy has appended, and no other header counts. */
export default async function proxies({ behindNginx, behindBalancer, onSocket }) {
  for (const app of [behindNginx, behindBalancer, onSocket]) app.get('/ip', ({ ip }) => ip)
  const check = async (app, remoteAddress, forwarded, expected) => {
    const { body } = await app.inject({
      url: '/ip',
      remoteAddress,
      headers: { 'x-forwarded-for': forwarded }
    })
    if (body !== expected) throw new Error(`of ${forwarded} from ${remoteAddress} the address is ${body}`)
  }
  await check(behindNginx, '127.0.0.1', '203.0.113.9', '203.0.113.9')
  await check(behindNginx, '198.51.100.7', '203.0.113.9', '198.51.100.7')
  await check(behindBalancer, '10.0.1.7', '192.0.2.1, 203.0.113.9', '203.0.113.9')
  await check(behindBalancer, '10.0.2.7', '192.0.2.1, 203.0.113.9, 10.0.1.7', '203.0.113.9')
  await check(behindBalancer, '10.0.3.7', '203.0.113.9', '10.0.3.7')
  await check(onSocket, '', '192.0.2.1, 203.0.113.9', '203.0.113.9')
}
