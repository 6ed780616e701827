import type { Results, RowResult } from './results.ts'
import { formatSpread, table } from './table.ts'

const REFRESH_TOKEN_BYTES = 105

/** The measurements of both carriers side by side. A cell without a measurement is empty. */
export function carrierTable({ rows, findings }: Results): string {
  const row = (id: string): RowResult | undefined => rows.find((one) => one.id === id)
  const addedText = (id: string) => {
    const micros = row(id)?.addedMicros
    return micros === undefined || micros === null ? '' : `${formatSpread(micros)} µs`
  }
  const bytesText = (...ids: readonly string[]) => ids.map((id) => row(id)?.credentialBytes).join(' or ')
  const findingText = (id: string) => {
    const finding = findings.find((one) => one.id === id)
    return finding === undefined ? '' : `${formatSpread(finding.value)} ${finding.unit}`
  }
  const accessTokenBytes = (row('token-guard-eddsa')?.credentialBytes ?? NaN) - 'Bearer '.length
  return table(
    ['', 'session', 'token (EdDSA)'],
    [
      ['a node adds, credential seen before', addedText('session-guard'), addedText('token-guard-eddsa')],
      [
        'a node adds, credential not seen before',
        addedText('session-guard-snapshot'),
        addedText('token-guard-cold-eddsa')
      ],
      ['the same, where Redis has to be asked', addedText('session-guard-redis-cold'), ''],
      [
        'bytes of header in each request',
        bytesText('session-guard', 'session-guard-snapshot'),
        bytesText('token-guard-eddsa')
      ],
      ['another node applies a log-out after', findingText('time-to-revoke'), 'the same'],
      [
        'memory of a node for a cached credential',
        findingText('cached-session'),
        findingText('cached-token')
      ],
      ['Redis for a login', findingText('redis-session-bytes'), findingText('redis-token-bytes')],
      [
        'bytes that the client stores',
        bytesText('session-guard', 'session-guard-snapshot'),
        `${accessTokenBytes} and ${REFRESH_TOKEN_BYTES}`
      ]
    ]
  )
}
