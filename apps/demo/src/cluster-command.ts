import { parseArgs } from 'node:util'
import { describeBootError } from './boot-error.ts'
import { Cluster } from './cluster.ts'
import { createTranscript } from './cluster-transcript.ts'
import { readConfig } from './config.ts'

const MAX_NODES = 32

/** The number of nodes to start; null where the arguments are not valid. */
function parseNodeCount(args: string[]): number | null {
  try {
    const { values } = parseArgs({ args, options: { nodes: { type: 'string', default: '3' } } })
    const nodes = /^\d{1,2}$/.test(values.nodes) ? Number(values.nodes) : 0
    return nodes >= 1 && nodes <= MAX_NODES ? nodes : null
  } catch {
    return null
  }
}

// pnpm passes on the `--` that separates its own arguments from those of the script.
const count = parseNodeCount(process.argv.slice(2).filter((argument) => argument !== '--'))
if (count === null) {
  console.error(`Usage: pnpm --filter demo cluster --nodes <1 to ${MAX_NODES}>`)
  process.exit(2)
}

const cluster = new Cluster((line) => console.log(line))
let isStopping = false
const stop = async (code: number): Promise<void> => {
  if (isStopping) return
  isStopping = true
  await cluster.stop()
  process.exit(code)
}
process.on('SIGINT', () => void stop(0))
process.on('SIGTERM', () => void stop(0))

try {
  const urls = await cluster.start(count, readConfig(process.env))
  console.log(createTranscript(urls))
  await cluster.allExited()
  await stop(1)
} catch (error) {
  if (!isStopping) console.error(`The cluster cannot start: ${describeBootError(error)}`)
  await stop(1)
}
