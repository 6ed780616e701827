import { open } from 'node:fs/promises'
import { ConfigError } from './config.ts'

/** A file to which lines are appended. */
export interface AuditFile {
  /** Never waits and never throws. */
  write(line: string): void
  /** Writes what is left, and closes the file. */
  close(): Promise<void>
}

/** How many lines wait for the disk at most: some megabytes. */
const MAX_WAITING = 10_000

/**
 * Opens a file for the audit log, readable by its owner alone. It is opened for appending, so that a rotation by copy and truncate loses
 * nothing that was written before.
 *
 * @throws ConfigError where it cannot be opened.
 */
export async function openAuditFile(path: string, onError: (error: unknown) => void): Promise<AuditFile> {
  const file = await open(path, 'a', 0o600).catch((error: unknown) => {
    throw new ConfigError([`AUDIT_LOG ${path} cannot be written: ${(error as Error).message}`])
  })
  return createAuditFile({
    append: (text) => file.appendFile(text),
    close: () => file.close(),
    onError
  })
}

/** Options of {@link createAuditFile}. */
export interface AuditFileOptions {
  readonly append: (text: string) => Promise<unknown>
  readonly close: () => Promise<unknown>
  readonly onError: (error: unknown) => void
  readonly maxWaiting?: number
}

/**
 * No request waits for the disk: lines wait in memory, and are appended together. Where the disk is slower than the events for long, or
 * full, lines are left out; how many is a line of its own once it writes again.
 */
export function createAuditFile({
  append,
  close,
  onError,
  maxWaiting = MAX_WAITING
}: AuditFileOptions): AuditFile {
  let waiting: string[] = []
  let dropped = 0
  let writing: Promise<void> | undefined
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting
      const left = dropped
      waiting = []
      dropped = 0
      const text = [...(left === 0 ? [] : [describeGap(left)]), ...lines, ''].join('\n')
      try {
        await append(text)
      } catch (error) {
        dropped += left + lines.length
        onError(error)
      }
    }
    writing = undefined
  }
  return {
    write: (line) => {
      if (waiting.length >= maxWaiting) dropped += 1
      else waiting.push(line)
      // In a later turn, so that all of one are written together.
      writing ??= Promise.resolve().then(writeAll)
    },
    close: async () => {
      await writing
      if (dropped > 0) await append(`${describeGap(dropped)}\n`).catch(onError)
      await close()
    }
  }
}

function describeGap(count: number): string {
  return JSON.stringify({ time: new Date().toISOString(), source: 'audit', type: 'lines-dropped', count })
}
