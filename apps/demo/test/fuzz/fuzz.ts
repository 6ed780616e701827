import { randomInt } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import type { Test } from 'tap'

/** How many inputs all files of this folder have together; each property has its share of them. */
const INPUTS = 100_000
const factor = Number(process.env.FUZZ_RUNS ?? INPUTS) / INPUTS
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))

export interface Property<T> {
  /** Of the 100 000. */
  readonly inputs: number
  readonly input: fc.Arbitrary<T>
  /** Throws where it does not hold. */
  readonly holds: (input: T) => Promise<void> | void
}

/**
 * Tries a property with inputs that nobody chose. The seed is another one each time, and printed: with it the same
 * inputs come again. A failure shows the smallest input that was found to fail.
 */
export async function fuzz<T>(t: Test, { inputs, input, holds }: Property<T>): Promise<void> {
  const numRuns = Math.ceil(inputs * factor)
  t.comment(
    `${numRuns} inputs of FUZZ_SEED=${seed}${factor === 1 ? '' : ` FUZZ_RUNS=${process.env.FUZZ_RUNS}`}`
  )
  const strayErrors: unknown[] = []
  const onStray = (error: unknown) => void strayErrors.push(error)
  process.on('unhandledRejection', onStray).on('uncaughtException', onStray)
  let tried = 0
  try {
    const outcome = await fc.check(
      fc.asyncProperty(input, async (value) => {
        await holds(value)
        // Answers without I/O come without a turn of the event loop, and Redis must be heard now and then.
        if (tried++ % 50 === 0) await turn()
        if (strayErrors.length > 0) throw strayErrors[0]
      }),
      { seed, numRuns, includeErrorInReport: true }
    )
    await turn()
    t.notOk(outcome.failed, fc.defaultReportMessage(outcome) ?? 'it holds')
    t.same(strayErrors, [], 'nothing is thrown where nobody catches it')
  } finally {
    process.off('unhandledRejection', onStray).off('uncaughtException', onStray)
  }
}
