import t from 'tap'
import { deviceLabel } from '../../src/logins/device-label.ts'

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0'

const labels: readonly (readonly [userAgent: string, label: string])[] = [
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36`, 'Chrome on Windows'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/141.0.0.0`,
    'Microsoft Edge on Windows'
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iOS'
  ],
  [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`, 'Chrome on Android'],
  ['curl/8.5.0', 'curl'],
  ['okhttp/4.12.0', 'okhttp'],
  ['node', 'node'],
  ['Ada-Sync/2.1 (nightly)', 'Ada-Sync'],
  ['', 'Unknown device'],
  [' ', 'Unknown device'],
  ['Mozilla/5.0', 'Unknown device'],
  ['<script>alert(1)</script>/1 x', 'Unknown device'],
  ['<b>/1 (Windows NT 10.0)', 'Unknown device'],
  ['\u202Eevil/1', 'Unknown device']
]

for (const [userAgent, label] of labels)
  t.test(`${JSON.stringify(userAgent)} is ${label}`, async (t) => {
    t.equal(deviceLabel(userAgent), label)
  })

t.test('A14 whatever a client sends, a label is short and plain', async (t) => {
  const nasty = ['(', '/', 'a/', ' version/', '<', '"', '\n', 'Windows ', 'é']
  for (const each of nasty) {
    const label = deviceLabel(each.repeat(256).slice(0, 256))
    t.match(label, /^[\w .!-]{1,84}$/, JSON.stringify(each))
  }
})
