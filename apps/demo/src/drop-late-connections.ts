import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/**
 * The pool, except that a connection whose query exceeded the `query_timeout` is closed instead of reused. pg stops
 * waiting but leaves the query running, so the next query on that connection would wait behind it: for a lock, or for
 * a server that no longer responds.
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
      // An error from the server has a SQLSTATE; then the query is over.
      if (error instanceof Error && !('code' in error)) late = error
      throw error
    }
  }
  // Cursors are not covered: the dialect uses them only where it is given a cursor class.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(late) }
}
