import type { RedisClient } from '../redis-client.ts'
import type { StoreConnection } from './store-connection.ts'

/** A script, and how many of its arguments are keys. */
export interface Script {
  /** Null where it differs from call to call. */
  readonly keys: number | null
  readonly lua: string
}

/** Runs a script. Its first ARGV is the time, ms since the epoch, or empty for the clock of Redis. */
export type RunScript<Name extends string> = <T>(
  script: Name,
  keys: readonly string[],
  args: ReadonlyArray<string | number>
) => Promise<T>

type Command<T> = (this: RedisClient, ...args: Array<string | number>) => Promise<T>

/** Defines scripts as commands of the connection. @param now for tests; undefined for the clock of Redis. */
export function createScriptRunner<Name extends string>(
  connection: StoreConnection,
  scripts: Readonly<Record<Name, Script>>,
  now: (() => number) | undefined
): RunScript<Name> {
  const { client } = connection
  for (const [name, { keys, lua }] of Object.entries<Script>(scripts)) {
    client.defineCommand(commandName(name), { lua, ...(keys !== null && { numberOfKeys: keys }) })
  }
  return <T>(script: Name, keys: readonly string[], args: ReadonlyArray<string | number>) => {
    const command = (client as unknown as Record<string, Command<T>>)[commandName(script)] as Command<T>
    const count = scripts[script].keys === null ? [keys.length] : []
    return connection.run(script, () => command.call(client, ...count, ...keys, now?.() ?? '', ...args))
  }
}

const commandName = (name: string) => `drawbridge_${name}`
