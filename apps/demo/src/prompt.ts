import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { Writable } from 'node:stream'

export interface Prompt {
  /** Asks a question and does not echo the input. Resolves null at the end of the input. */
  askHidden(question: string): Promise<string | null>
  /** Prints a sentence. */
  print(sentence: string): void
  close(): void
}

/** Asks at a terminal, or reads line after line from a pipe or a file. */
export function openPrompt(input: NodeJS.ReadStream | ReadStream, output: Writable): Prompt {
  // readline echoes to its output stream: with one that discards everything nothing appears on the terminal.
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: discard, terminal: input.isTTY })
  const reader = lines[Symbol.asyncIterator]()
  lines.on('SIGINT', () => {
    output.write('\n')
    process.exit(130)
  })
  return {
    async askHidden(question) {
      if (input.isTTY) output.write(question)
      const line = await reader.next()
      if (input.isTTY) output.write('\n')
      return line.done === true ? null : line.value
    },
    print: (sentence) => void output.write(`${sentence}\n`),
    close: () => lines.close()
  }
}
