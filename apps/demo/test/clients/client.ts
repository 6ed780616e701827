/** A request, independent of the client. */
export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly json?: unknown
  /** An access token. */
  readonly bearer?: string
  /** A Cookie header in place of the jar's cookies. */
  readonly cookie?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A real HTTP client with a cookie jar, for one service. */
export interface Client {
  send(ask: Ask): Promise<Answer>
  /** The Cookie header of the next request. */
  cookies(): Promise<string>
}

export function headersOf({ json, bearer, cookie }: Ask): Record<string, string> {
  return {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(cookie === undefined ? {} : { cookie })
  }
}
