import { setTimeout as wait } from 'node:timers/promises'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

/** The first ones compile what is called. */
const WARM_ROUNDS = 3
const ROUNDS = 5
const IDLE_SECONDS = 2

/** Ten thousand connections of as many logins: what opening and closing them costs a node, and what they cost while nothing happens. */
export const openConnections: Trial = {
  id: 'connections',
  title: 'What an open connection costs a node',
  run: async ({ folder }: RunContext): Promise<Finding[]> => {
    const node = await ServerProcess.start('connections', {}, folder, 'server')
    try {
      const rounds: Costs[] = []
      for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) rounds.push(await measureRound(node))
      const values = (name: keyof Costs) => rounds.slice(WARM_ROUNDS).map((round) => round[name])
      const label = 'an open connection with a signal:'
      return [
        { id: 'connection-heap', label: `${label} heap`, unit: 'bytes', values: values('bytes') },
        {
          id: 'connection-cpu',
          label: `${label} CPU to open and close it`,
          unit: 'µs',
          values: values('micros')
        },
        {
          id: 'connections-idle',
          label: '10,000 of them while nothing happens: CPU',
          unit: '% of a core',
          values: values('idlePercent')
        }
      ]
    } finally {
      await node.stop()
    }
  }
}

interface Costs {
  readonly bytes: number
  readonly micros: number
  readonly idlePercent: number
}

async function measureRound(node: ServerProcess): Promise<Costs> {
  const idle = await node.cpuWhile(() => wait(IDLE_SECONDS * 1000))
  const { heapBytes: before } = await node.usageAfterGc()
  let count = 0
  const opening = await node.cpuWhile(async () => {
    count = await node.call<number>('openConnections')
  })
  const { heapBytes: after } = await node.usageAfterGc()
  const open = await node.cpuWhile(() => wait(IDLE_SECONDS * 1000))
  const closing = await node.cpuWhile(() => node.call('closeConnections'))
  return {
    bytes: (after - before) / count,
    micros: (opening + closing) / count,
    idlePercent: (open - idle) / IDLE_SECONDS / 10_000
  }
}
