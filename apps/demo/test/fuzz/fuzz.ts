import { randomInt } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import type { Test } from 'tap'

/** Number of inputs of all files of this folder together; each property has its share. */
const INPUTS = 100_000
const factor = Number(process.env.FUZZ_RUNS ?? INPUTS) / INPUTS
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))

export interface Property<T> {
  /** Its share of the 100 000. */
  readonly inputs: number
  readonly input: fc.Arbitrary<T>
  /** Throws where the property is violated. */
  readonly check: (input: T) => Promise<void> | void
}

/**
 * Tries a property with random inputs. The seed is new each time and printed; it reproduces the same inputs. A
 * failure reports the smallest failing input found.
 */
export async function fuzz<T>(t: Test, { inputs, input, check }: Property<T>): Promise<void> {
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
        await check(value)
        // Responses without I/O take no turn of the event loop, and Redis messages must be processed now and then.
        if (tried++ % 50 === 0) await turn()
        if (strayErrors.length > 0) throw strayErrors[0]
      }),
      { seed, numRuns, includeErrorInReport: true }
    )
    await turn()
    t.notOk(outcome.failed, fc.defaultReportMessage(outcome) ?? 'the property is true of all inputs')
    t.same(strayErrors, [], 'there is no uncaught error')
  } finally {
    process.off('unhandledRejection', onStray).off('uncaughtException', onStray)
  }
}
