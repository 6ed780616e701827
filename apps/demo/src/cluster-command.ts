import { parseArgs } from 'node:util'
import { reasonFor } from './boot-error.ts'
import { Cluster } from './cluster.ts'
import { transcriptFor } from './cluster-transcript.ts'
import { readConfig } from './config.ts'

const MAX_NODES = 32

/** How many nodes are asked for; null where the arguments say something else. */
function nodesAskedFor(args: string[]): number | null {
  try {
    const { values } = parseArgs({ args, options: { nodes: { type: 'string', default: '3' } } })
    const nodes = /^\d{1,2}$/.test(values.nodes) ? Number(values.nodes) : 0
    return nodes >= 1 && nodes <= MAX_NODES ? nodes : null
  } catch {
    return null
  }
}

// pnpm hands on the two dashes with which a person may set off what is not meant for pnpm.
const count = nodesAskedFor(process.argv.slice(2).filter((argument) => argument !== '--'))
if (count === null) {
  console.error(`Usage: pnpm --filter demo cluster --nodes <1 to ${MAX_NODES}>`)
  process.exit(2)
}

const cluster = new Cluster((line) => console.log(line))
let isEnding = false
const end = async (code: number): Promise<void> => {
  if (isEnding) return
  isEnding = true
  await cluster.end()
  process.exit(code)
}
process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))

try {
  const urls = await cluster.start(count, readConfig(process.env))
  console.log(transcriptFor(urls))
  await cluster.untilAllGone()
  await end(1)
} catch (error) {
  if (!isEnding) console.error(`The cluster cannot start: ${reasonFor(error)}`)
  await end(1)
}
