import pg from 'pg'

interface Gate {
  readonly pattern: RegExp
  readonly reached: () => void
  readonly opened: Promise<void>
}

/** A query whose reply a test holds back. */
export interface HeldQuery {
  /** Resolves when Postgres has replied. */
  readonly reached: Promise<void>
  /** Lets the reply through. */
  release(): void
}

/** What a test sees of the queries of a service, and the replies that it holds back. */
export class QueryWatch {
  count = 0
  #gates: readonly Gate[] = []

  /** Holds back the reply to the next query that matches. */
  hold(pattern: RegExp): HeldQuery {
    const [reached, reach] = createSignal()
    const [opened, release] = createSignal()
    this.#gates = [...this.#gates, { pattern, reached: reach, opened }]
    return { reached, release }
  }

  /** Notes a query, and returns the gate that its reply has to pass. */
  pass(text: string): Gate | undefined {
    this.count += 1
    const gate = this.#gates.find(({ pattern }) => pattern.test(text))
    this.#gates = this.#gates.filter((other) => other !== gate)
    return gate
  }
}

/** A promise, and the function that resolves it. */
function createSignal(): readonly [signal: Promise<void>, resolve: () => void] {
  let resolve = () => {}
  const signal = new Promise<void>((settle) => (resolve = settle))
  return [signal, resolve]
}

type Callback = (error: unknown, result: unknown) => void

/** A pool whose queries are counted, whoever sends them, and whose replies can be held back. */
export function createWatchedPool(connectionString: string, watch: QueryWatch): pg.Pool {
  class WatchedClient extends pg.Client {
    override query(...args: unknown[]): never {
      const [first] = args
      const gate = watch.pass(typeof first === 'string' ? first : (first as { text: string }).text)
      const send = (sent: unknown[]) => super.query(...(sent as [string])) as unknown
      if (gate === undefined) return send(args) as never
      const last = args.at(-1)
      if (typeof last === 'function') {
        const delayed: Callback = (error, result) => {
          gate.reached()
          void gate.opened.then(() => (last as Callback)(error, result))
        }
        return send([...args.slice(0, -1), delayed]) as never
      }
      const reply = (send(args) as Promise<unknown>).then(async (result) => {
        gate.reached()
        await gate.opened
        return result
      })
      return reply as never
    }
  }
  return new pg.Pool({ connectionString, Client: WatchedClient })
}
