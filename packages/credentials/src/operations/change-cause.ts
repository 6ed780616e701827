/** By whom an account is changed: its `user`, an operator (`admin`), or the `service` by itself. */
export type ChangedBy = 'user' | 'admin' | 'service'

/** Who has changed an account, and why, as its event has it. */
export interface ChangeCause {
  readonly by: ChangedBy
  readonly reason: string | null
  readonly address: string | undefined
}

/** The same as input: for the event, and for nothing else. */
export interface ChangeCauseInput {
  /** Default `service`. */
  readonly by?: ChangedBy
  /** Such as the operation, or the number of a ticket. It is published, so it must have no secret. */
  readonly reason?: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address?: string | undefined
}

/** The cause in the input of a method. */
export function causeFrom({ by = 'service', reason, address }: ChangeCauseInput): ChangeCause {
  return { by, reason: reason ?? null, address }
}
