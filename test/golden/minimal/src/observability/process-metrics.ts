import { totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { version } from '../about.ts'
import { counter, defineMetrics, gauge } from './metric-definitions.ts'

const memoryTypes = ['rss', 'heap_total', 'heap_used', 'external'] as const
const build = { version: String, commit: String, environment: String, node: String } as const
const [min, max, average] = [{ across: 'min' }, { across: 'max' }, { across: 'average' }] as const

/** Use is measured since the page before; 100 percent of the processor is one core. */
export const processMetrics = defineMetrics('Process', {
  memory: gauge('memory_usage_bytes', 'Memory of the process.', { type: memoryTypes }),
  cpu: gauge('cpu_usage_percent', 'Use of the processor; 100 is one core.'),
  loop: gauge('nodejs_eventloop_utilization_ratio', 'Use of the event loop.', {}, average),
  heapLimit: gauge('nodejs_heap_size_limit_bytes', 'What the heap may grow to.', {}, min),
  memoryLimit: gauge('container_memory_limit_bytes', 'Memory limit; 0 for none.', {}, max),
  info: gauge('application_info', 'Always 1; its labels say what runs.', build, max),
  shutdown: gauge('shutdown_in_progress', '1 while the service shuts down, else 0.', {}, max),
})

export const logMetrics = defineMetrics('Logs', {
  messages: counter('log_messages_total', 'Lines written to the log.', {
    level: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
  }),
  masked: counter('pii_masked_total', 'Secrets and personal data that were masked.', {
    type: ['email', 'phone', 'card', 'ssn', 'key', 'field', 'custom'],
  }),
})

/** Measures the process that runs `app` before each page of metrics. */
export function measureProcess({ metrics, config, draining }: FastifyInstance): void {
  const recorders = metrics.of(processMetrics)
  const { environment } = config.app
  const { commit } = config.metrics
  recorders.info.with({ version, commit, environment, node: process.version }).set(1)
  let cpu = process.cpuUsage()
  let loop = performance.eventLoopUtilization()
  let since = performance.now()

  metrics.onCollect(() => {
    const { user, system } = process.cpuUsage(cpu)
    recorders.cpu.with({}).set((user + system) / (performance.now() - since) / 10)
    recorders.loop.with({}).set(performance.eventLoopUtilization(loop).utilization)
    cpu = process.cpuUsage()
    loop = performance.eventLoopUtilization()
    since = performance.now()

    const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
    const bytes = { rss, heap_total: heapTotal, heap_used: heapUsed, external }
    for (const type of memoryTypes) recorders.memory.with({ type }).set(bytes[type])
    recorders.heapLimit.with({}).set(getHeapStatistics().heap_size_limit)
    // Without a limit, the system names a number far beyond any memory.
    const limit = process.constrainedMemory()
    recorders.memoryLimit.with({}).set(limit <= totalmem() ? limit : 0)
    recorders.shutdown.with({}).set(draining.active ? 1 : 0)
  })
}
