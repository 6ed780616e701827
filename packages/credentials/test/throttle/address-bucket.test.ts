import t from 'tap'
import { toAddressBucket } from '../../src/throttle/address-bucket.ts'

t.test('each IPv4 address is a bucket', async (t) => {
  t.equal(toAddressBucket('192.0.2.1'), '192.0.2.1')
  t.not(toAddressBucket('192.0.2.1'), toAddressBucket('192.0.2.2'))
})

t.test('an IPv4 address written as IPv6 is the IPv4 one', async (t) => {
  const written = ['::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:c000:0201']
  for (const address of written) t.equal(toAddressBucket(address), '192.0.2.1', address)
  t.equal(toAddressBucket('::ffff:0.0.0.0'), '0.0.0.0')
  t.not(toAddressBucket('::192.0.2.1'), '192.0.2.1')
})

t.test('all addresses of a /64 are one bucket, however they are written', async (t) => {
  const written = [
    '2001:db8:1:2::1',
    '2001:0DB8:0001:0002:0000:0000:0000:0001',
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:db8:1:2::',
    '2001:db8:1:2::192.0.2.1',
    '2001:db8:1:2::1%eth0'
  ]
  for (const address of written) t.equal(toAddressBucket(address), '2001:db8:1:2::/64', address)
  t.not(toAddressBucket('2001:db8:1:3::1'), '2001:db8:1:2::/64')
})

t.test('omitted zeros count at their place', async (t) => {
  t.equal(toAddressBucket('::1'), '0:0:0:0::/64')
  t.equal(toAddressBucket('::'), '0:0:0:0::/64')
  t.equal(toAddressBucket('2001:db8::1:2:3:4'), '2001:db8:0:0::/64')
  t.equal(toAddressBucket('2001:db8:1::2:3:4:5'), '2001:db8:1:0::/64')
  t.equal(toAddressBucket('1::'), '1:0:0:0::/64')
  t.equal(toAddressBucket('::2:3:4:5:6:7:8'), '0:2:3:4::/64')
})

t.test('M6: a port is ignored', async (t) => {
  t.equal(toAddressBucket('192.0.2.1:51820'), '192.0.2.1')
  t.equal(toAddressBucket('[2001:db8:1:2::1]:443'), '2001:db8:1:2::/64')
  t.equal(toAddressBucket('[::ffff:192.0.2.1]:443'), '192.0.2.1')
  t.equal(toAddressBucket('2001:db8:1:2:3:4:5:80'), '2001:db8:1:2::/64', 'eight groups and no port')
})

t.test('M6: an address translated by NAT64 is the IPv4 address', async (t) => {
  for (const address of ['64:ff9b::192.0.2.1', '64:FF9B::c000:201', '[64:ff9b:0:0:0:0:c000:0201]:80'])
    t.equal(toAddressBucket(address), '192.0.2.1', address)
  t.equal(toAddressBucket('64:ff9b:1::192.0.2.1'), '64:ff9b:1:0::/64', 'a local-use prefix, RFC 8215')
})

t.test('everything that is no address is in one bucket', async (t) => {
  const garbage = [
    '',
    ' ',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '[::1]',
    '1.2.3.4:',
    '1.2.3.4:123456',
    '1.2.3:80',
    '::1:80x',
    '[::1]:80 ',
    '[]:80',
    '::1::',
    'x',
    '%'
  ]
  for (const address of [...garbage, undefined as unknown as string, 'a'.repeat(10_000)]) {
    t.equal(toAddressBucket(address), 'none', address)
  }
})
