import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/**
 * The pool, but that a connection whose query ran into the `query_timeout` is closed and not given to anybody else. pg
 * gives up waiting and leaves the query under way, so that the next query on that connection waits behind it: behind a
 * lock, or for a server that does not answer any more.
 */
export function dropLateConnections(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => endLateClient(await pool.connect()),
    end: () => pool.end()
  }
}

function endLateClient(client: pg.PoolClient): PostgresPoolClient {
  let late: Error | undefined
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query(text, [...values])
    } catch (error) {
      // What the server answers has a SQLSTATE; then the query is over.
      if (error instanceof Error && !('code' in error)) late = error
      throw error
    }
  }
  // Not for cursors, which the dialect would have to be given.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(late) }
}
