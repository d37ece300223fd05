import { totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { version } from '../about.ts'
import { counter, defineMetrics, gauge } from './metric-definitions.ts'

export const processMetrics = defineMetrics('Process', {
  memory: gauge('memory_usage_bytes', 'Memory of the process.', {
    type: ['rss', 'heap_total', 'heap_used', 'external'],
  }),
  cpu: gauge('cpu_usage_percent', 'Processor time since the last scrape; 100 is one core.'),
  utilization: gauge(
    'nodejs_eventloop_utilization_ratio',
    'Part of the time since the last scrape in which the event loop was busy.',
    {},
    'average',
  ),
  heapLimit: gauge('nodejs_heap_size_limit_bytes', 'What the heap may grow to.', {}, 'min'),
  memoryLimit: gauge(
    'container_memory_limit_bytes',
    'Memory that the container may use; 0 without a limit.',
    {},
    'max',
  ),
  info: gauge(
    'application_info',
    'Always 1; its labels say what runs.',
    { version: String, commit: String, environment: String, node: String },
    'max',
  ),
  shutdown: gauge('shutdown_in_progress', 'Whether the service shuts down: 1 or 0.', {}, 'max'),
})

export const logMetrics = defineMetrics('Logs', {
  messages: counter('log_messages_total', 'Lines written to the log.', {
    level: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
  }),
})

/** Measures the process that runs `app` before each page of metrics. */
export function measureProcess(app: FastifyInstance): void {
  const metrics = app.metrics.of(processMetrics)
  const { app: application, metrics: settings } = app.config
  const build = { version, commit: settings.commit, node: process.version }
  metrics.info.with({ ...build, environment: application.environment }).set(1)
  let cpu = process.cpuUsage()
  let loop = performance.eventLoopUtilization()
  let since = performance.now()

  app.metrics.onCollect(() => {
    const { user, system } = process.cpuUsage(cpu)
    metrics.cpu.with({}).set((user + system) / (performance.now() - since) / 10)
    metrics.utilization.with({}).set(performance.eventLoopUtilization(loop).utilization)
    cpu = process.cpuUsage()
    loop = performance.eventLoopUtilization()
    since = performance.now()

    const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
    metrics.memory.with({ type: 'rss' }).set(rss)
    metrics.memory.with({ type: 'heap_total' }).set(heapTotal)
    metrics.memory.with({ type: 'heap_used' }).set(heapUsed)
    metrics.memory.with({ type: 'external' }).set(external)
    metrics.heapLimit.with({}).set(getHeapStatistics().heap_size_limit)
    metrics.memoryLimit.with({}).set(memoryLimit())
    metrics.shutdown.with({}).set(app.draining.active ? 1 : 0)
  })
}

/** Without a limit, the system names a number far beyond any memory. */
function memoryLimit(): number {
  const limit = process.constrainedMemory()
  return limit <= totalmem() ? limit : 0
}
