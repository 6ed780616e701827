import t from 'tap'
import { newTicketSecret, PendingTickets } from '../../src/fastify/pending-ticket.ts'
import { newLoginId } from '../../src/login.ts'

const OLD = 'a root secret that was replaced, 01234567'
const NEW = 'a root secret for tests, 0123456789abcdef'
const loginId = newLoginId('user')
const parts = { loginId, secret: newTicketSecret() }
const tickets = new PendingTickets([NEW], 'a session')

t.test('a ticket says its loginId, and is good under each secret of the list', async (t) => {
  const ticket = tickets.write(parts)
  t.match(ticket, /^drbp_[\w-]{76}$/)
  t.same(tickets.read(ticket), parts)
  const both = new PendingTickets([NEW, OLD], 'a session')
  t.same(both.read(new PendingTickets([OLD], 'a session').write(parts)), parts)
  t.equal(both.write(parts), ticket, 'the first one signs')
  t.equal(new PendingTickets([OLD], 'a session').read(ticket), null)
})

t.test('a ticket of one carrier is none of the other (better-auth GHSA-cq3f-vc6p-68fh)', async (t) => {
  const other = new PendingTickets([NEW], 'a token')
  t.equal(other.read(tickets.write(parts)), null)
  t.equal(tickets.read(other.write(parts)), null)
})

t.test('H3: a ticket of one instance of a carrier is none of another', async (t) => {
  const shop = new PendingTickets([NEW], 'a session shop')
  const admin = new PendingTickets([NEW], 'a session admin')
  t.same(shop.read(shop.write(parts)), parts)
  t.equal(admin.read(shop.write(parts)), null)
})

t.test('a change of any one character makes it none', async (t) => {
  const ticket = tickets.write(parts)
  for (let at = 0; at < ticket.length; at += 1) {
    const changed = ticket[at] === 'A' ? 'B' : 'A'
    t.equal(tickets.read(ticket.slice(0, at) + changed + ticket.slice(at + 1)), null, `character ${at}`)
  }
})

t.test('nothing else is a ticket', async (t) => {
  const ticket = tickets.write(parts)
  const others = ['', loginId, `drbp_${loginId}`, ticket.slice(5), ticket.slice(0, -1), `${ticket}A`]
  for (const text of [...others, ` ${ticket}`, `${ticket}\n`, `${ticket}=`, ticket.toUpperCase()])
    t.equal(tickets.read(text), null, JSON.stringify(text))
})
