import type { Results, RowResult } from './results.ts'
import { shown, table } from './table.ts'

const REFRESH_TOKEN_BYTES = 105

/** The two carriers of one login beside one another, in what was measured. A cell is empty where nothing was. */
export function carrierTable({ rows, findings }: Results): string {
  const row = (id: string): RowResult | undefined => rows.find((one) => one.id === id)
  const added = (id: string) => {
    const micros = row(id)?.addedMicros
    return micros === undefined || micros === null ? '' : `${shown(micros)} µs`
  }
  const bytes = (...ids: readonly string[]) => ids.map((id) => row(id)?.credentialBytes).join(' or ')
  const found = (id: string) => {
    const finding = findings.find((one) => one.id === id)
    return finding === undefined ? '' : `${shown(finding.value)} ${finding.unit}`
  }
  const held = (row('token-guard-eddsa')?.credentialBytes ?? NaN) - 'Bearer '.length
  return table(
    ['', 'session', 'token (EdDSA)'],
    [
      ['a node adds, credential seen before', added('session-guard'), added('token-guard-eddsa')],
      [
        'a node adds, credential not seen before',
        added('session-guard-snapshot'),
        added('token-guard-cold-eddsa')
      ],
      ['the same, where Redis has to be asked', added('session-guard-redis-cold'), ''],
      [
        'bytes of header in each request',
        bytes('session-guard', 'session-guard-snapshot'),
        bytes('token-guard-eddsa')
      ],
      ['a log-out is known on another node after', found('time-to-revoke'), 'the same'],
      ['memory of a node for one that it has seen', found('cached-session'), found('cached-token')],
      ['Redis for a login', found('redis-session-bytes'), found('redis-token-bytes')],
      [
        'bytes that the client keeps',
        bytes('session-guard', 'session-guard-snapshot'),
        `${held} and ${REFRESH_TOKEN_BYTES}`
      ]
    ]
  )
}
