import { startTelemetry } from '@drawbridge/telemetry'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import type { Dependencies } from './dependencies.ts'

/** Serves the metrics of this process at `/metrics`, on a port of their own: who may see them is no matter of sign-ins. */
export async function serveMetrics(
  app: FastifyInstance,
  { metricsPort, metricsHost }: Pick<Config, 'metricsPort' | 'metricsHost'>,
  { logins, credentials }: Pick<Dependencies, 'logins' | 'credentials'>
): Promise<void> {
  const exporter = new PrometheusExporter({ preventServerStart: true })
  const meterProvider = new MeterProvider({ readers: [exporter] })
  const telemetry = startTelemetry({ logins, credentials, meterProvider })
  const server = Fastify({ forceCloseConnections: true })
  server.get('/metrics', (request, reply) => {
    reply.hijack()
    exporter.getMetricsRequestHandler(request.raw, reply.raw)
  })
  app.addHook('onClose', async () => {
    telemetry.stop()
    await server.close()
    await meterProvider.shutdown()
  })
  const url = await server.listen({ port: metricsPort ?? 0, host: metricsHost })
  app.log.info(`the metrics are at ${url}/metrics`)
}
