// What the documents say of metrics is what there is.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import t from 'tap'
import { createInstruments, type ObservedName } from '../src/instruments.ts'
import { type MetricDefinition, metrics, type MetricName } from '../src/metrics.ts'

const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url)), 'utf8')

/** The names of samples, as an exporter of Prometheus writes them, with the labels of each. */
async function scrapeAll(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const exporter = new PrometheusExporter({ preventServerStart: true })
  const meterProvider = new MeterProvider({ readers: [exporter] })
  const meter = meterProvider.getMeter('test')
  const { count, record, observed } = createInstruments(meter)
  for (const name of Object.keys(metrics) as MetricName[]) {
    const { kind, attributes }: MetricDefinition = metrics[name]
    const all = Object.fromEntries(attributes.map((attribute) => [attribute, 'x']))
    if (kind === 'counter') count(name as Parameters<typeof count>[0], all)
    else if (kind === 'histogram') record(name as Parameters<typeof record>[0], 1, all)
    else observed[name as ObservedName].addCallback((result) => result.observe(1, all))
  }
  const text = await new Promise<string>((resolve) => {
    const response = { setHeader: () => {}, end: resolve }
    exporter.getMetricsRequestHandler({} as never, response as never)
  })
  await meterProvider.shutdown()
  const samples = text.matchAll(/^(drawbridge_\w+)\{(.*)\} /gm)
  return new Map(
    [...samples].map(([, name = '', labels = '']) => [
      name,
      new Set([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label))
    ])
  )
}

/** The metrics and labels of ours that a query names. */
const wordsIn = (query: string) => query.match(/\bdrawbridge_[a-z_]+/g) ?? []

t.test('the table has exactly the metrics of the source, with kind, unit and attributes', async (t) => {
  const rows = read('observability.md')
    .split('\n')
    .filter((line) => line.startsWith('| `drawbridge.'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const documented = rows.map(([, name = '', kind, unit = '', attributes = '']) => ({
    name: name.replaceAll('`', ''),
    kind,
    unit: unit.replaceAll('`', ''),
    attributes: [...attributes.matchAll(/`([^`]+)`/g)].map(([, attribute]) => attribute)
  }))
  t.same(
    documented,
    Object.values(metrics).map(({ name, kind, unit, attributes }) => ({ name, kind, unit, attributes }))
  )
})

t.test('names follow the conventions of OpenTelemetry', async (t) => {
  for (const { name, unit, attributes } of Object.values<MetricDefinition>(metrics)) {
    for (const each of [name, ...attributes]) t.match(each, /^(drawbridge(\.[a-z]+(_[a-z]+)*)+|error\.type)$/)
    t.match(unit, /^(s||\{[a-z]+\})$/, `the unit of ${name}`)
  }
})

t.test(
  'the queries of the dashboard and of the alerts name only metrics and labels that exist',
  async (t) => {
    const samples = await scrapeAll()
    const dashboard = JSON.parse(read('observability/grafana.json')) as {
      readonly panels: ReadonlyArray<{
        readonly title: string
        readonly targets: ReadonlyArray<{ readonly expr: string }>
      }>
      readonly templating: { readonly list: ReadonlyArray<{ readonly query: string }> }
    }
    const alerts = [...read('observability/alerts.yml').matchAll(/^ +expr: (.+)$/gm)].map(
      ([, expr = '']) => expr
    )
    const panels = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    const variables = dashboard.templating.list.flatMap(
      ({ query }) => /^label_values\((\w+)/.exec(query)?.[1] ?? []
    )
    t.ok(alerts.length === 3 && panels.length > 20)
    for (const query of [...alerts, ...panels, ...variables]) {
      const words = wordsIn(query)
      const names = words.filter((word) => samples.has(word))
      t.ok(names.length > 0, query)
      const labels = new Set(names.flatMap((name) => [...(samples.get(name) ?? [])]))
      for (const word of words) t.ok(samples.has(word) || labels.has(word), `${word} of ${query}`)
    }
    const used = new Set([...alerts, ...panels].flatMap(wordsIn))
    const isShown = (name: string) => used.has(name) || used.has(name.replace(/_(count|sum)$/, '_bucket'))
    t.same(
      [...samples.keys()].filter((name) => !isShown(name)),
      [],
      'every metric is on the dashboard or in an alert'
    )
  }
)

t.test('the alerts of the table are those of the file', async (t) => {
  const inTable = [...read('observability.md').matchAll(/^\| `(Drawbridge\w+)` /gm)].map(([, name]) => name)
  const inFile = [...read('observability/alerts.yml').matchAll(/^ +- alert: (\w+)$/gm)].map(
    ([, name]) => name
  )
  t.same(inTable, inFile)
  t.equal(inFile.length, 3)
})
