import { createHash, randomBytes } from 'node:crypto'
import { LoginsUnavailableError, type RootSecret } from '@drawbridge/logins'
import { rootSecret } from '@drawbridge/logins/carrier'
import { clock, func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { SpentTokens } from './spent-tokens.ts'
import { createTokenCodec, type TokenCodec, type TokenContent } from './token-codec.ts'

const ID_BYTES = 16
const FIFTEEN_MINUTES = 900
const THIRTY_DAYS = 2_592_000
const MAX_TEXT = 512

/** Reads what a token is bound to, as it is now. */
export type FindState = (userId: string) => string | null | Promise<string | null>

/** Options of {@link createOneTimeTokens}. */
export interface OneTimeTokensOptions {
  /** What the tokens are for, such as `sign-in-link`: a token of one purpose is worthless for every other. */
  readonly purpose: string
  /** The root secret, as of the carriers: the keys are derived from it. */
  readonly secret: RootSecret
  /** How long a token is valid, seconds, 1 to 2 592 000. Default 900. */
  readonly ttlSeconds?: number
  /**
   * The state that the tokens of a user are bound to, as it is now; null where the user can use none. What a token is used
   * for must change it: the stamp of the password, an address that is not confirmed. Nothing is stored then.
   */
  readonly findState?: FindState
  /** Remembers used tokens, where no state changes by their use. One of `findState` and `spent` is a must; both may be given. */
  readonly spent?: SpentTokens
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/** Whom a token is made for. */
export interface OneTimeTokenInput {
  readonly userId: string
  /** What `findState` gives for the user. A must where the tokens have a `findState`, and wrong where they have none. */
  readonly state?: string
}

/** Outcome of `redeem`. `reason` is for the log only: the response to the client is the same for all of them. */
export type RedeemOutcome =
  | { readonly ok: true; readonly userId: string; readonly state: string | null }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' | 'stale' | 'spent' }

/** One-time tokens for one purpose. */
export interface OneTimeTokens {
  /** Makes a token. It is a secret: in a URL it goes behind `#`, and into no log. */
  create(input: OneTimeTokenInput): string
  /**
   * Uses a token up. With `spent`, of any number of calls one is `ok`. With `findState` alone a token stays valid until the
   * state has changed: make that change next, and only where the state still is `state`.
   *
   * @param token as the client sent it, whatever that is.
   * @throws LoginsUnavailableError where `spent` or `findState` fails with an error that has no status of its own.
   */
  redeem(token: unknown): Promise<RedeemOutcome>
}

const text = (what: string) =>
  v.pipe(v.string(`must be ${what}`), v.nonEmpty(`must be ${what}`), v.maxLength(MAX_TEXT, `must be ${what}`))

const schema = v.strictObject({
  purpose: text('a name like "sign-in-link"'),
  secret: rootSecret,
  ttlSeconds: v.optional(wholeNumber(1, THIRTY_DAYS), FIFTEEN_MINUTES),
  findState: v.optional(func<FindState>()),
  spent: v.optional(objectWithMethods<SpentTokens>('a store of spent tokens', 'spend')),
  now: v.optional(clock(), () => Date.now)
})

const inputSchema = v.strictObject({
  userId: text('the id of a user'),
  state: v.optional(v.string('must be a string'))
})

type Settings = v.InferOutput<typeof schema>

/**
 * Makes and checks tokens that work once and for a short time, for one purpose: reset of a password, confirmation of an
 * address, sign-in by a link, invitation. They are encrypted and authenticated by a key that is derived from the root secret,
 * so that nothing is stored until one is used.
 *
 * @throws OptionError
 * @example
 * const links = createOneTimeTokens({ purpose: 'sign-in-link', secret, spent: createMemorySpentTokens() })
 * const token = links.create({ userId })
 * const outcome = await links.redeem(token)
 */
export function createOneTimeTokens(options: OneTimeTokensOptions): OneTimeTokens {
  const settings = parseOptions('oneTimeTokens', schema, options)
  if (settings.findState === undefined && settings.spent === undefined)
    throw new OptionError('oneTimeTokens needs findState or spent, or a token could be used more than once')
  const codec = createTokenCodec(settings.secret, settings.purpose)
  return Object.freeze<OneTimeTokens>({
    create: (input) => create(settings, codec, input),
    redeem: (token) => redeem(settings, codec, token)
  })
}

function create(
  { findState, now, ttlSeconds }: Settings,
  codec: TokenCodec,
  input: OneTimeTokenInput
): string {
  const { userId, state } = parseOptions('oneTimeTokens.create', inputSchema, input)
  if ((state === undefined) !== (findState === undefined))
    throw new OptionError('oneTimeTokens.create needs state where the tokens have findState, and only there')
  return codec.encode({
    id: randomBytes(ID_BYTES).toString('base64url'),
    userId,
    expiresAt: now() + ttlSeconds * 1000,
    stateDigest: state === undefined ? null : digest(state)
  })
}

async function redeem(settings: Settings, codec: TokenCodec, token: unknown): Promise<RedeemOutcome> {
  const content = codec.decode(token)
  if (content === null) return { ok: false, reason: 'invalid' }
  if (!isCurrent(settings, content)) return { ok: false, reason: 'expired' }
  return wrapOutage(async () => use(settings, content))
}

/** The state first: what is stale is not worth a place among the spent ones. */
async function use({ findState, spent }: Settings, content: TokenContent): Promise<RedeemOutcome> {
  const { id, userId, expiresAt, stateDigest } = content
  const state = findState === undefined ? null : await findState(userId)
  if (!isBoundTo(stateDigest, findState === undefined ? undefined : state))
    return { ok: false, reason: 'stale' }
  if (spent !== undefined && (await spent.spend(id, expiresAt)) !== true)
    return { ok: false, reason: 'spent' }
  return { ok: true, userId, state }
}

/** @param state undefined where the tokens are bound to none; null where the user has none now. */
function isBoundTo(stateDigest: string | null, state: string | null | undefined): boolean {
  if (state === undefined) return stateDigest === null
  return state !== null && stateDigest === digest(state)
}

/** No longer than a token of now would be: a shorter `ttlSeconds` is for those that are on their way too. */
function isCurrent({ now, ttlSeconds }: Settings, { expiresAt }: TokenContent): boolean {
  const remainingMs = expiresAt - now()
  return remainingMs > 0 && remainingMs <= ttlSeconds * 1000
}

/** A digest: a state may be long, or an address that the link need not carry. */
function digest(state: string): string {
  return createHash('sha256').update(state).digest('base64url')
}

async function wrapOutage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (typeof (error as { statusCode?: unknown } | null)?.statusCode === 'number') throw error
    throw new LoginsUnavailableError(error)
  }
}
