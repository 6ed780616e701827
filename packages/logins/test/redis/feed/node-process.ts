import { OracleNode } from './oracle-node.ts'
import type { FeedSpec } from './servers.ts'
import { Truth } from './ground-truth.ts'

/* A process with several nodes. A signal stops all of them. */

export type NodeCommand =
  | { readonly kind: 'begin'; readonly spec: FeedSpec; readonly nodes: number; readonly truth: string }
  | { readonly kind: 'report' | 'end' }

const SAMPLE_MS = 15

let nodes: OracleNode[] = []
let truth: Truth | null = null

const sampling = setInterval(() => {
  if (truth === null) return
  const rows = truth.read()
  for (const node of nodes) node.sample(rows)
}, SAMPLE_MS)

async function execute(command: NodeCommand): Promise<unknown> {
  switch (command.kind) {
    case 'begin':
      truth = new Truth(command.truth, 'r')
      nodes = Array.from({ length: command.nodes }, () => new OracleNode(command.spec))
      return Promise.all(nodes.map((node) => node.ready()))
    case 'report':
      return nodes.map((node) => node.report())
    case 'end':
      await Promise.all(nodes.map((node) => node.close()))
      nodes = []
      truth?.close()
      truth = null
      return null
  }
}

process.on('message', (command: NodeCommand) => {
  void execute(command).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) })
  )
})
process.on('disconnect', () => {
  clearInterval(sampling)
  process.exit()
})
