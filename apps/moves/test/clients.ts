import type { MoveName } from './node.ts'
import type { Asked, Received } from './transport.ts'
import type { Wallet } from './wallet.ts'

/** Instances of the other system, or nodes of ours. */
export type Side = 'old' | 'ours'

/** What a client of a move does with the credentials in its wallet. */
export interface Client {
  /** Whether the other system stores its logins. */
  readonly keepsRecord: boolean
  /** From when the old credential is presented no more. */
  isRetired: boolean
  visit(wallet: Wallet, side: Side, random: () => number): Asked | null
  absorb(wallet: Wallet, side: Side, received: Received): void
  hasOurs(wallet: Wallet): boolean
  hasBoth(wallet: Wallet): boolean
  /** The other system would serve it after a log-out here, as it asks nobody. */
  readonly forgetsAtSignOut?: boolean
  /** Whether instances of the other system know whoever has this. */
  isKnownThere(wallet: Wallet): boolean
  write?(wallet: Wallet): Asked
  /** Asks for what the client lacks, or replaces it; null for neither now. */
  convert?(wallet: Wallet, random: () => number): Asked | null
  /** What a page asks for that has its access token in memory, and lacks one; null where it does not. */
  fetchToken?(wallet: Wallet): Asked | null
  /** Drops what such a page has in memory, where it can fetch that again. */
  reload?(wallet: Wallet): void
  /** Each exchange of an old credential is a login of its own, since that names none. */
  readonly namesNoLogin?: boolean
  signIn(wallet: Wallet, side: Side, user: string): Asked
  signOut(wallet: Wallet, side: Side): Asked
  /** Whether a log-out can be at this side. */
  canSignOut(side: Side): boolean
  /** What nodes of ours must refuse after a log-out, or after one of all logins of the user. */
  deadAfter(side: Side, before: Wallet, served: readonly Wallet[], isOfAll: boolean): readonly Wallet[]
  /** Resolves when a credential would not be the very same as an earlier one. */
  waitForMoment?(): Promise<void>
}

const OURS = 'drawbridge'

export function createClient(move: MoveName): Client {
  switch (move) {
    case 'express':
      return cookieClient('connect.sid', true)
    case 'flask':
      return {
        ...cookieClient('session', false),
        write: (wallet) => post('/write', cookies(wallet)),
        waitForMoment: nextSecond
      }
    case 'hs256':
      return oldTokenClient()
    case 'hs256-without-iat':
      return namelessTokenClient()
    case 'session-to-token':
      return ownClient('session')
    case 'token-to-session':
      return ownClient('token')
  }
}

const get = (path: string, headers: Asked['headers']): Asked => ({ method: 'GET', path, headers })
const post = (path: string, headers: Asked['headers'], body?: object): Asked => ({
  method: 'POST',
  path,
  headers,
  ...(body && { body })
})

const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

function cookies(wallet: Wallet): Asked['headers'] {
  const cookie = [...wallet]
    .filter(([name]) => !TOKENS.has(name))
    .map((pair) => pair.join('='))
    .join('; ')
  return cookie === '' ? {} : { cookie }
}

const TOKENS = new Set(['old', 'access', 'refresh'])

/** As a browser does, without the attributes but those that remove a cookie. */
function store(wallet: Wallet, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const isRemoved = attributes.some((each) => /^ *(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(each))
    if (isRemoved) wallet.delete(name)
    else wallet.set(name, value)
  }
}

/** Flask and jsonwebtoken write whole seconds. */
async function nextSecond(): Promise<void> {
  const ms = 1000 - (Date.now() % 1000) + 5
  await new Promise((resolve) => setTimeout(resolve, ms))
}

const PASSWORD = 'any password'

function cookieClient(name: string, keepsRecord: boolean): Client {
  return {
    keepsRecord,
    isRetired: false,
    visit: (wallet) => get('/me', cookies(wallet)),
    absorb: (wallet, _side, received) => store(wallet, received.cookies),
    hasOurs: (wallet) => wallet.has(OURS),
    hasBoth: (wallet) => wallet.has(OURS) && wallet.has(name),
    isKnownThere: () => true,
    signIn: (wallet, side, user) =>
      side === 'old'
        ? post(`/login?user=${user}`, cookies(wallet))
        : post('/session/login', cookies(wallet), { username: user, password: PASSWORD }),
    signOut: (wallet, side) => post(side === 'old' ? '/logout' : '/session/logout', cookies(wallet)),
    canSignOut: () => true,
    // What an instance without records ended, a copy of its cookie revives: as before the move.
    deadAfter: (side, before, served) => (side === 'old' && !keepsRecord ? [] : [before, ...served])
  }
}

function absorbTokens(wallet: Wallet, { status, body }: Received, side: Side): void {
  if (status !== 200 || !body.startsWith('{"token"')) return
  const { token, refresh_token: refresh } = JSON.parse(body) as { token: string; refresh_token?: string }
  if (side === 'old') {
    wallet.clear()
    wallet.set('old', token)
    return
  }
  wallet.set('access', token)
  if (refresh !== undefined) wallet.set('refresh', refresh)
}

function dropTokens(wallet: Wallet): void {
  wallet.delete('access')
  wallet.delete('refresh')
}

const refresh = (wallet: Wallet) => post('/token/refresh', {}, { refresh_token: wallet.get('refresh') })
const REFRESH_CHANCE = 0.15

const exchangeOld = (wallet: Wallet) =>
  wallet.has('old') ? post('/exchange/old', bearer(wallet.get('old'))) : null

function oldTokenClient(): Client {
  const client: Client = {
    keepsRecord: false,
    isRetired: false,
    visit: (wallet, side, random) => {
      const [old, access] = [wallet.get('old'), wallet.get('access')]
      if (side === 'old') return old === undefined ? null : get('/me', bearer(old))
      const isOld = access === undefined || (old !== undefined && !client.isRetired && random() < 0.3)
      const token = isOld ? old : access
      return get('/me', token === undefined ? {} : bearer(token))
    },
    absorb: (wallet, side, received) => absorbTokens(wallet, received, side),
    forgetsAtSignOut: true,
    hasOurs: (wallet) => wallet.has('access'),
    hasBoth: (wallet) => wallet.has('access'),
    isKnownThere: (wallet) => wallet.has('old'),
    convert: (wallet, random) => {
      if (!wallet.has('access')) return exchangeOld(wallet)
      return random() < REFRESH_CHANCE ? refresh(wallet) : null
    },
    fetchToken: (wallet) => (wallet.has('access') ? null : exchangeOld(wallet)),
    reload: (wallet) => {
      if (wallet.has('old') && !client.isRetired) dropTokens(wallet)
    },
    signIn: (wallet, side, user) => {
      wallet.clear()
      return side === 'old'
        ? post(`/login?user=${user}`, {})
        : post('/token/login', {}, { username: user, password: PASSWORD })
    },
    signOut: (wallet) => post('/token/logout', bearer(wallet.get('access') ?? wallet.get('old'))),
    canSignOut: (side) => side === 'ours',
    deadAfter: (_side, before, served) => [before, ...served].flatMap(separate),
    waitForMoment: nextSecond
  }
  return client
}

/** Of tokens that name a user alone: a log-out ends the login of one exchange, and leaves the text to the user's other devices. */
function namelessTokenClient(): Client {
  const client = oldTokenClient()
  const { deadAfter } = client
  return Object.assign(client, {
    namesNoLogin: true,
    // Each exchange would be one more device: such a page stores the tokens.
    reload: () => {},
    waitForMoment: async () => {},
    deadAfter: (...[side, before, served, isOfAll]: Parameters<Client['deadAfter']>) =>
      deadAfter(side, before, served, isOfAll).filter((wallet) => isOfAll || !wallet.has('old'))
  })
}

/** Each token alone. */
function separate(wallet: Wallet): readonly Wallet[] {
  return ['old', 'access'].flatMap((name) => {
    const token = wallet.get(name)
    return token === undefined ? [] : [new Map([[name, token]])]
  })
}

function ownClient(from: 'session' | 'token'): Client {
  // Of two, the token counts.
  const isTokenGone = () => client.isRetired && from === 'token'
  const client: Client = {
    keepsRecord: true,
    isRetired: false,
    visit: (wallet, _side, random) => {
      const [hasSession, hasToken] = [wallet.has(OURS), wallet.has('access')]
      const wantsSession = client.isRetired ? from === 'token' : random() < 0.5
      const presented = {
        ...(hasToken && (!wantsSession || !hasSession) && bearer(wallet.get('access'))),
        ...(hasSession && (wantsSession || !hasToken) && cookies(wallet))
      }
      return get('/me', presented as Asked['headers'])
    },
    absorb: (wallet, side, received) => {
      store(wallet, received.cookies)
      absorbTokens(wallet, received, side)
    },
    hasOurs: (wallet) => wallet.has(OURS) && wallet.has('access'),
    hasBoth: (wallet) => wallet.has(OURS) && wallet.has('access'),
    isKnownThere: () => false,
    convert: (wallet, random) => {
      if (!wallet.has(OURS))
        return post('/exchange/token-for-session', {}, { refresh_token: wallet.get('refresh') })
      if (!wallet.has('access'))
        return post('/exchange/session-for-token', cookies(wallet), { refresh_token: true })
      return random() < REFRESH_CHANCE && !isTokenGone() ? refresh(wallet) : null
    },
    fetchToken: (wallet) =>
      wallet.has(OURS) && !wallet.has('access')
        ? post('/exchange/session-for-token', cookies(wallet), {})
        : null,
    reload: (wallet) => {
      if (wallet.has(OURS) && !client.isRetired) dropTokens(wallet)
    },
    signIn: (wallet, _side, user) => {
      wallet.clear()
      const isSession = (from === 'session') !== client.isRetired
      return post(isSession ? '/session/login' : '/token/login', {}, { username: user, password: PASSWORD })
    },
    signOut: (wallet) =>
      post('/logout', {
        ...cookies(wallet),
        ...(wallet.has('access') && !isTokenGone() && bearer(wallet.get('access')))
      } as Asked['headers']),
    canSignOut: (side) => side === 'ours',
    deadAfter: (_side, before, served) => [before, ...served]
  }
  return client
}

/** A side at which a sign-in, or a log-out, can be now. */
export function chooseOf(
  world: { readonly isOldUp: boolean; readonly isOursUp: boolean; readonly random: () => number },
  wanted?: Side
): Side {
  if (!world.isOldUp) return 'ours'
  if (!world.isOursUp) return 'old'
  return wanted ?? (world.random() < 0.5 ? 'old' : 'ours')
}
