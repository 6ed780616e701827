/** What a new key, a personal access token, is to be. */
export interface NewKeyInput {
  /** What the user calls it, for the list: 1 to 100 visible characters. */
  readonly name: string
  /** It never has another. An empty list where the service has no scopes. */
  readonly scopes: readonly string[]
  /** ms since the epoch: in the future, and at most `maxLifetimeSeconds` from now. */
  readonly expiresAt: number
}

/** A new key. */
export interface CreatedKey extends NewKeyInput {
  /** The credential. Nothing can show it again: only its hash is stored. */
  readonly token: string
  /** Of its login. Public; `revoke` takes it. */
  readonly id: string
  /** ms since the epoch. */
  readonly createdAt: number
}

/** A key as its user may see it: nothing that authenticates. */
export interface KeyView {
  /** Of its login. Public; `revoke` takes it. */
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; written at most once per touch interval, and `createdAt` until it is first used. */
  readonly lastSeenAt: number
  /** ms since the epoch. */
  readonly expiresAt: number
}
