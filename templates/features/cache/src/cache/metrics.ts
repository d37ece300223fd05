import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'

const cache = { cache_name: String }

export const cacheMetrics = defineMetrics('Cache', {
  hits: counter('cache_hits_total', 'Reads that found a fresh value.', cache),
  misses: counter('cache_misses_total', 'Reads that found none.', cache),
  stale: counter('cache_stale_total', 'Stale values served because their source failed.', cache),
  refreshes: counter('cache_refreshes_total', 'Values refreshed before they went stale.', {
    ...cache,
    result: ['success', 'failure'],
  }),
  evictions: counter('cache_evictions_total', 'Values removed to make room.', cache),
  errors: counter('cache_errors_total', 'Operations that the store failed.', {
    ...cache,
    operation: ['get', 'set', 'invalidate', 'write'],
  }),
  entries: gauge('cache_entries', 'Values in the memory of this process.', cache),
  queued: gauge('cache_write_behind_queue_depth', 'Writes that wait.', cache),
  operations: histogram('cache_operation_duration_seconds', 'Duration of operations.', {
    ...cache,
    operation: ['get', 'set', 'fetch', 'invalidate', 'write'],
  }),
})
