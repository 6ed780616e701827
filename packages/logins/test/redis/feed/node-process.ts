import { OracleNode } from './oracle-node.ts'
import type { FeedSpec } from './servers.ts'
import { Truth } from './truth.ts'

/* A process with some nodes in it. Stopped by a signal, all of them are away. */

export type Order =
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

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'begin':
      truth = new Truth(order.truth, 'r')
      nodes = Array.from({ length: order.nodes }, () => new OracleNode(order.spec))
      return Promise.all(nodes.map((node) => node.begun()))
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

process.on('message', (order: Order) => {
  void obey(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) })
  )
})
process.on('disconnect', () => {
  clearInterval(sampling)
  process.exit()
})
