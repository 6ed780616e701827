import t from 'tap'
import { createTicketSecret, TicketCodec } from '../../src/second-factor/ticket.ts'
import { newLoginId } from '@drawbridge/logins/carrier'

const OLD = 'a root secret that was replaced, 01234567'
const NEW = 'a root secret for tests, 0123456789abcdef'
const loginId = newLoginId('user')
const contents = { loginId, secret: createTicketSecret() }
const tickets = new TicketCodec([NEW], 'a session')

t.test('a ticket contains its loginId, and is valid under each secret of the list', async (t) => {
  const ticket = tickets.encode(contents)
  t.match(ticket, /^drbp_[\w-]{76}$/)
  t.same(tickets.decode(ticket), contents)
  const both = new TicketCodec([NEW, OLD], 'a session')
  t.same(both.decode(new TicketCodec([OLD], 'a session').encode(contents)), contents)
  t.equal(both.encode(contents), ticket, 'the first one signs')
  t.equal(new TicketCodec([OLD], 'a session').decode(ticket), null)
})

t.test('a ticket of one carrier is invalid at the other (better-auth GHSA-cq3f-vc6p-68fh)', async (t) => {
  const other = new TicketCodec([NEW], 'a token')
  t.equal(other.decode(tickets.encode(contents)), null)
  t.equal(tickets.decode(other.encode(contents)), null)
})

t.test('H3: a ticket of one instance of a carrier is invalid at another', async (t) => {
  const shop = new TicketCodec([NEW], 'a session shop')
  const admin = new TicketCodec([NEW], 'a session admin')
  t.same(shop.decode(shop.encode(contents)), contents)
  t.equal(admin.decode(shop.encode(contents)), null)
})

t.test('a change of any one character makes it invalid', async (t) => {
  const ticket = tickets.encode(contents)
  for (let at = 0; at < ticket.length; at += 1) {
    const changed = ticket[at] === 'A' ? 'B' : 'A'
    t.equal(tickets.decode(ticket.slice(0, at) + changed + ticket.slice(at + 1)), null, `character ${at}`)
  }
})

t.test('no other text is a ticket', async (t) => {
  const ticket = tickets.encode(contents)
  const others = ['', loginId, `drbp_${loginId}`, ticket.slice(5), ticket.slice(0, -1), `${ticket}A`]
  for (const text of [...others, ` ${ticket}`, `${ticket}\n`, `${ticket}=`, ticket.toUpperCase()])
    t.equal(tickets.decode(text), null, JSON.stringify(text))
})
