import { OWN_PAGE } from '../send.ts'
import type { Member } from '../actions.ts'
import type { Service } from '../start-service.ts'
import { BETTER_AUTH, type Trap } from './trap.ts'

/** How many attempts more than any of the services allows from one address. */
const MANY = 8

const guess = (service: Service, member: Member, headers = {}) =>
  service.signIn({ ...member, password: 'a wrong guess at it' }, headers)

/** Passwords, and how often they may be guessed. */
export const attemptTraps: readonly Trap[] = [
  {
    name: 'Limits of attempts are evaded by a header that the client sends',
    isIn: BETTER_AUTH,
    isShown: async (service) => {
      const member = await service.addMember()
      for (let at = 1; at <= MANY; at += 1) {
        const { status } = await guess(service, member, { 'x-forwarded-for': `203.0.113.${at}` })
        if (status === 429) return false
      }
      return true
    }
  },
  {
    name: 'A user who mistypes a password keeps everybody at the same address from signing in',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const [clumsy, other] = [await service.addMember(), await service.addMember()]
      const address = { 'x-forwarded-for': '198.51.100.7' }
      for (let at = 1; at <= MANY; at += 1) await guess(service, clumsy, address)
      return (await service.signIn(other, address)).status === 429
    }
  },
  {
    name: 'A long password is cut off: its first 72 bytes are enough to sign in',
    isIn: ['by hand'],
    isShown: async (service) => {
      const password = 'a phrase of some length, '.repeat(3).slice(0, 72)
      const email = 'long@example.com'
      const whole = `${password} and its end`
      const { status } = await service.ask(OWN_PAGE, ({ register }) => register({ email, password: whole }))
      if (status >= 300) throw new Error(`register: ${status}`)
      await service.forgetAttempts()
      const full = await service.signIn({ id: '', email, password: whole })
      if (full.status !== 200) throw new Error(`the whole password: ${full.status}`)
      return (await service.signIn({ id: '', email, password })).status === 200
    }
  },
  {
    name: 'A hash of the old system stays as weak as it is',
    isIn: ['by hand', ...BETTER_AUTH],
    isShown: async (service) => {
      const member = await service.addMember()
      await service.byCookie(member)
      return (await service.readHash(member)).startsWith('$2b$04$')
    }
  },
  {
    name: 'A user whose address has a capital letter in the table cannot sign in',
    isIn: BETTER_AUTH,
    isShown: async (service) => {
      const member = await service.addMember({ email: 'Grace@Example.com' })
      return (await service.signIn(member)).status !== 200
    }
  }
]
