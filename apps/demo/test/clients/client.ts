/** A request, as a person would say it. */
export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly json?: unknown
  /** An access token. */
  readonly bearer?: string
  /** A Cookie header of its own, in place of what the jar holds. */
  readonly cookie?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A real HTTP client that keeps cookies, talking to one service. */
export interface Client {
  send(ask: Ask): Promise<Answer>
  /** The Cookie header that the next request would carry. */
  cookies(): Promise<string>
}

export function headersOf({ json, bearer, cookie }: Ask): Record<string, string> {
  return {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(cookie === undefined ? {} : { cookie })
  }
}
