import type { Node } from '../start-service.ts'

/** More moments than any request has: a flow that goes on for ever must end the test. */
const MAX_MOMENTS = 200

/** One run of a flow, and what happened in the middle of it. */
export interface Run<Given, Result, Event> {
  readonly given: Given
  readonly result: Result
  /** Undefined in the last run, in which nothing did. */
  readonly event: Event | undefined
  /** Such as `7: before insert`. */
  readonly moment: string
}

/** A flow, and what happens during it. */
export interface Scenario<Given, Result, Event> {
  /** Where the flow runs. */
  readonly node: Node
  prepare(): Promise<Given>
  flow(given: Given): Promise<Result>
  /** At another node. */
  event(given: Given): Promise<Event>
  check(run: Run<Given, Result, Event>): Promise<void>
}

/**
 * Runs a flow once for each moment before and after a call of a store or of the feed by its node; in that moment the flow waits
 * until the event is done. And once more without the event.
 *
 * @returns how many moments there were.
 */
export async function atEveryMoment<Given, Result, Event>(
  scenario: Scenario<Given, Result, Event>
): Promise<number> {
  for (let at = 0; at < MAX_MOMENTS; at += 1) {
    const given = await scenario.prepare()
    const { result, event, moment } = await runWithEvent(scenario, given, at)
    await scenario.check({ given, result, event: await event, moment: `${at}: ${moment}` })
    if (event === undefined) return at
  }
  throw new Error(`a flow has more than ${MAX_MOMENTS} moments`)
}

async function runWithEvent<Given, Result, Event>(
  { node, flow, event }: Scenario<Given, Result, Event>,
  given: Given,
  at: number
) {
  let [seen, moment] = [0, 'never']
  let happening: Promise<Event> | undefined
  watch(node, async (name) => {
    if (seen++ !== at) return
    watch(node, null)
    moment = name
    happening = event(given)
    await happening
  })
  const result = await flow(given)
  watch(node, null)
  return { result, event: happening as Promise<Event> | undefined, moment }
}

function watch({ users, store, feed }: Node, watcher: ((moment: string) => unknown) | null): void {
  for (const spy of [users, store, feed]) if (spy !== undefined) spy.watcher = watcher
}
