import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { Writable } from 'node:stream'

export interface Prompt {
  /** Asks, and shows nothing of what is typed. Resolves null when the input has ended. */
  askHidden(question: string): Promise<string | null>
  /** Shows a sentence. */
  print(sentence: string): void
  close(): void
}

/** Asks at a terminal, and reads lines one after another from a pipe or a file. */
export function openPrompt(input: NodeJS.ReadStream | ReadStream, output: Writable): Prompt {
  // readline echoes to the stream it is given: with one that leads nowhere the terminal shows nothing.
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
